namespace OutageAggregator.Core.Incidents;

/// <summary>
/// Where a service's lifecycle stands. A value: planning works on a copy, committing keeps it. After a restart it is what the newest events
/// say (<see cref="From"/>); the counters at the end, which no event carries, follow from the stored minutes (<see cref="Recall"/>).
/// </summary>
internal record struct LifecycleState
{
    internal ServiceSlug Service { get; private init; }
    internal int Events { get; set; } // number of the newest logged event
    internal ServiceStatus Status { get; set; }
    internal Incident? Incident { get; set; } // the newest incident, open or not
    internal Minute? QuietFrom { get; set; } // first minute of the quiet now lasting; null while it isn't quiet
    internal int Quiet { get; set; } // observed minutes at which it was quiet, one after the other
    internal Minute SurgeFrom { get; set; } // since when (minute) the newest surge lasts: the onset, or the recurrence
    internal int MostInFive { get; set; } // the most reporters in five minutes since the surge began
    internal Minute HighUntil { get; set; } // the last minute whose five were about as bad as the worst of the surge
    internal int SinceHigh { get; set; } // observed minutes since then
    internal double HighReporters { get; set; } // reporters in the high minutes, each counted with the four before it
    internal double HighExpected { get; set; } // reporters expected in them
    internal int FewestInFive { get; set; } // the fewest since recovery began
    internal Minute? Seen { get; set; } // the newest observed minute
    internal MinuteRange Gap { get; set; } // the newest stretch that was not observed
    internal Minute RaisedUntil { get; set; } // the last minute above the usual while its five were
    internal double Excess { get; set; } // reporters above the expectation in the incident
    internal double HighestRatio { get; set; } // the highest ratio of a window to its expectation
    internal Minute LastEvent { get; set; } // when an event was last logged
    internal int LoggedPeak { get; set; } // the peak as last logged
    internal int LoggedRegions { get; set; } // how many regions the last logged event named

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
        RaisedUntil = Minute.Of(newest.At) - 1,
        Seen = Minute.Of(newest.At) - 1,
        FewestInFive = int.MaxValue,
        LoggedPeak = incident?.Peak.ReportsPerMinute ?? 0,
        LoggedRegions = incident?.Regions.Length ?? 0,
        LastEvent = Minute.Of(newest.At) - 1,
    };

    /// <summary>Whether too few minutes were observed since a long gap to say what has become of an incident.</summary>
    internal readonly bool IsJustAfterGap(Minute minute) => Gap.Length >= IncidentLifecycle.LongGap && minute - Gap.To < IncidentLifecycle.LongGap;

    /// <summary>Notes that a minute was observed.</summary>
    /// <returns>How many before it were not.</returns>
    internal int See(Minute minute)
    {
        var unseen = Seen is { } seen ? Math.Max(0, minute - seen - 1) : 0;
        // A few quiet minutes after a long gap are too few to tell another one from it, and a short one is none beside it.
        var goesOn = IsJustAfterGap(minute - unseen) && RaisedUntil < Gap.From;
        if (unseen >= IncidentLifecycle.LongGap)
        {
            Gap = new MinuteRange(goesOn ? Gap.From : minute - unseen, minute);
            (QuietFrom, Quiet) = (null, 0);
        }
        else if (unseen > 0 && !goesOn)
        {
            Gap = new MinuteRange(minute - unseen, minute);
        }
        Seen = Seen is { } before ? Minute.Max(before, minute) : minute;
        return unseen;
    }

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
        IncidentLifecycle.TrackRaised(ref this, minute);
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

/// <summary>
/// What the lifecycle needs to know of one closed minute. Everything is read when the minute closes, so that planning it twice gives
/// the same events.
/// </summary>
/// <param name="Reports">Reports in it, world.</param>
/// <param name="Excess">Reporters above the expectation, may be negative.</param>
/// <param name="Five">Reporters in the last five observed minutes.</param>
/// <param name="FiveExpected">Reporters expected in them.</param>
/// <param name="Ratio">The worst window's ratio to its expectation.</param>
/// <param name="Onset">Estimated first minute of the excess that ends here; only where the verdict is an outage.</param>
/// <param name="Verdict">The worst verdict of the world and the regions.</param>
/// <param name="RegionIsRaised">A region is in outage and not back to its own usual, whatever the world's sum hides.</param>
/// <param name="OutageRegions">Regions whose own verdict is an outage, in code order.</param>
internal readonly record struct LifecycleMinute(
    Minute Minute, int Reports, double Excess, int Five, double FiveExpected, double Ratio, Minute Onset, Verdict Verdict,
    bool RegionIsRaised, Region[] OutageRegions)
{
    /// <summary>The minute that the world's window closed last; onset and verdict may be those of a region.</summary>
    internal static LifecycleMinute Read(Window window, Verdict verdict, Minute onset, bool regionIsRaised, Region[] outageRegions)
    {
        var minute = window.End - 1;
        var excess = window.Evidence(minute) - window.Expected(minute);
        var (five, fiveExpected, _) = window.LastFive();
        var ratio = verdict.Evidence.Expected > 0 ? verdict.Evidence.Ratio : 1;
        return new(minute, window.Reports(minute), excess, five, fiveExpected, ratio, onset, verdict, regionIsRaised, outageRegions);
    }
}
