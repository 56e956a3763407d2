namespace OutageAggregator.Core.Incidents;

/// <summary>
/// Where a service's lifecycle stands. A value: planning works on a copy, committing keeps it. After a restart it is what the newest events
/// say (<see cref="From"/>); the counters at the end, which no event carries, follow from the stored minutes (<see cref="Recall"/>).
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
    /// <summary>Observed minutes at which it was quiet, one after the other.</summary>
    internal int Quiet { get; set; }
    /// <summary>Since when (minute) the newest surge lasts: the onset, or the recurrence.</summary>
    internal Minute SurgeFrom { get; set; }
    /// <summary>The most reporters in five minutes since the surge began.</summary>
    internal int MostInFive { get; set; }
    /// <summary>The last minute whose five were about as bad as the worst of the surge.</summary>
    internal Minute HighUntil { get; set; }
    /// <summary>Observed minutes since then.</summary>
    internal int SinceHigh { get; set; }
    /// <summary>Reporters in the high minutes, each counted with the four before it.</summary>
    internal double HighReporters { get; set; }
    /// <summary>Reporters expected in them.</summary>
    internal double HighExpected { get; set; }
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
    internal readonly WatchMode Mode => WatchMode.Of(Incident);

    internal static LifecycleState Start(ServiceSlug service) => new() { Service = service, Status = ServiceStatus.Normal };

    internal static LifecycleState From(IncidentEvent newest, Incident? incident) => new()
    {
        Service = newest.Service,
        Events = newest.Number,
        Status = newest.Status,
        Incident = incident,
        SurgeFrom = incident?.Phases.LastOrDefault(p => p.Kind == PhaseKind.Recurrence, new Phase(PhaseKind.Onset, incident.StartedAt, null)).From ?? default,
        HighUntil = Minute.Of(newest.At) - 1,
        FewestInFive = int.MaxValue,
        LoggedPeak = incident?.Peak.ReportsPerMinute ?? 0,
        LoggedRegions = incident?.Regions.Length ?? 0,
        LastEvent = Minute.Of(newest.At) - 1,
    };

    /// <summary>Counts a minute, the next, that was decided before a restart, as the lifecycle did then. Decides nothing.</summary>
    internal void Recall(in LifecycleMinute minute)
    {
        var incident = Incident!;
        var detected = Minute.Of(incident.DetectedAt) - 1;
        if (minute.Minute < detected || PhaseOf(incident, minute.Minute) is not { } phase)
            return;
        Excess = minute.Minute == detected ? Math.Max(0, minute.Five - minute.FiveExpected) : Excess + Math.Max(0, minute.Excess);
        // What was logged as the severity is the excess of then and this.
        if (minute.Minute <= LastEvent)
            HighestRatio = Math.Pow(10, incident.Severity) / (1 + Excess);
        if (phase == PhaseKind.Recovery)
            FewestInFive = Math.Min(FewestInFive, minute.Five);
        else if (minute.Minute >= SurgeFrom)
            (MostInFive, FewestInFive) = (Math.Max(MostInFive, minute.Five), int.MaxValue);
        if (minute.Minute == detected || minute.Minute == SurgeFrom)
            IncidentLifecycle.StartHigh(ref this, minute);
        else
            IncidentLifecycle.TrackHigh(ref this, minute);
        if (IsOpen)
            IncidentLifecycle.TrackQuiet(ref this, minute);
    }

    // None between an end and a recurrence.
    private static PhaseKind? PhaseOf(Incident incident, Minute minute) =>
        incident.Phases.LastOrDefault(p => minute >= p.From, new Phase(default, minute, minute)) is var last && last.To <= minute
            ? null
            : last.Kind;
}
