using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Incidents;

/// <summary>
/// Where a service's lifecycle stands. A value: planning works on a copy, committing keeps it. What can't be read back from the
/// log after a restart (the counters at the end) starts anew; what is severe enough to matter has been logged by then.
/// </summary>
internal record struct LifecycleState
{
    internal ServiceSlug Service { get; private init; }

    /// <summary>Number of the newest logged event.</summary>
    internal int Events { get; set; }

    internal ServiceStatus Status { get; set; }

    /// <summary>The newest incident, open or not.</summary>
    internal Incident? Incident { get; set; }

    /// <summary>First minute of the quiet now lasting; null while it isn't quiet.</summary>
    internal Minute? QuietFrom { get; set; }

    /// <summary>Since when (minute) the newest surge lasts: the onset, or the recurrence.</summary>
    internal Minute SurgeFrom { get; set; }

    /// <summary>The most reporters in five minutes since the surge began.</summary>
    internal int MostInFive { get; set; }

    /// <summary>The fewest since recovery began.</summary>
    internal int FewestInFive { get; set; }

    /// <summary>Reporters above the expectation in the incident.</summary>
    internal double Excess { get; set; }

    /// <summary>The highest ratio of a window to its expectation.</summary>
    internal double HighestRatio { get; set; }

    /// <summary>When an event was last logged.</summary>
    internal Minute LastEvent { get; set; }

    /// <summary>The peak as last logged.</summary>
    internal int LoggedPeak { get; set; }

    /// <summary>How many regions the last logged event named.</summary>
    internal int LoggedRegions { get; set; }

    internal readonly bool IsOpen => Incident is { State: IncidentState.Open };

    internal readonly WatchMode Mode => IsOpen
        ? new WatchMode(true, Incident!.StartedAt)
        : new WatchMode(false, Incident?.EndedAt ?? new Minute(int.MinValue / 2));

    internal static LifecycleState Start(ServiceSlug service) => new() { Service = service, Status = ServiceStatus.Normal };

    internal static LifecycleState From(IncidentEvent newest, Incident? incident) => new()
    {
        Service = newest.Service,
        Events = newest.Number,
        Status = newest.Status,
        Incident = incident,
        SurgeFrom = incident?.StartedAt ?? default,
        MostInFive = (incident?.Peak.ReportsPerMinute ?? 0) * 5,
        FewestInFive = int.MaxValue,
        LoggedPeak = incident?.Peak.ReportsPerMinute ?? 0,
        LoggedRegions = incident?.Regions.Length ?? 0,
        LastEvent = Minute.Of(newest.At),
    };

    /// <summary>The log knows better: takes over what it holds.</summary>
    internal void Adopt(IncidentEvent logged)
    {
        Events = logged.Number;
        Status = logged.Status;
        Incident = logged.Incident ?? Incident;
    }
}
