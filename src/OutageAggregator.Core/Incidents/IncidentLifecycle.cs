namespace OutageAggregator.Core.Incidents;

/// <summary>
/// The one incident of a service, minute by minute: a pure step from state and minute to state and perhaps an event.
/// <code>
///   normal --elevated--> elevated --outage--> OPEN: onset -> peak -> recovery -+-> end --(4 h)--> normal
///      ^________calm__________|                 ^         ^                    |     |
///                                               |         +---- recurrence ----+     |
///                                               +------------- recurrence -----------+
/// </code>
/// The end needs hysteresis: the last five minutes must be about the usual, in the world and in every region in outage, and the crowd
/// must have been away from its worst for a while that grows with the outage: the first fix of a long one often fails, and a quiet of half
/// an hour after an hour's outage proves little, while a quiet of five minutes after a blip of five proves all. The clock runs from the
/// last high minute and not from the first quiet one, so a crowd that ebbs away slowly is not waited for twice; it counts observed minutes
/// only. A surge within four hours of the end continues the incident: on 4 June 2024 ChatGPT was quiet for three hours between two halves
/// of one outage.
/// <para>
/// Nothing is carried across time that nobody observed. After a gap of five minutes or more, five observed minutes at the usual end the
/// incident, and it ended with the last observed minute above the usual: what came after it is not known. After a gap in which even a
/// surge would have been another incident, it is over at once.
/// </para>
/// </summary>
internal static class IncidentLifecycle
{
    /// <summary>A surge so long after the end is still the same incident, minutes.</summary>
    internal const int RecurrenceMinutes = 240;

    // Elevated goes back to normal after so many minutes without a raised verdict.
    private const int CalmMinutes = 15;

    // How long after the last high minute the end may be declared, minutes: twice as long as the outage outlasted twenty (its fives trail
    // by two), within these bounds. What mends itself has done so by then; what people had to mend comes back.
    private const int SelfMendingMinutes = 22;
    private const double HoldShare = 2;
    private const int ShortestHold = 5;
    private const int LongestHold = 45;

    // High is: five minutes carry this part of the worst five, a normal deviation's half allowed for, and aren't the usual.
    private const double HighShare = 0.5;
    private const double HighSlack = 0.5;

    // A mild outage, whose high minutes average less than this many times the usual, is believed over sooner: no crowd waits to
    // try again, and calling it over too early harms few.
    private const double MildRatio = 4.5;
    private const int LongestMildHold = 15;

    // Quiet is five minutes at the usual, seen so many minutes in a row.
    private const int QuietMinutes = 3;

    // After so many minutes that nobody observed, what was so before them says nothing of now; and after so many observed ones, the last
    // five are all of now.
    internal const int LongGap = 5;

    // Growth is logged when the peak has risen by half, at most once in so many minutes.
    private const double GrowthLogged = 1.5;
    private const int GrowthPause = 5;

    // Recovery: five minutes carry less than this part of the worst five; recurrence: this part again, and a multiple of the lowest.
    private const double RecoveryShare = 0.4;
    private const double RecurrenceShare = 0.4;
    private const double RecurrenceMultiple = 3;

    internal static IncidentEvent? Step(ref LifecycleState state, in LifecycleMinute minute)
    {
        var unseen = state.See(minute.Minute);
        return state.IsOpen ? unseen > RecurrenceMinutes ? Lose(ref state, minute, state.Incident!) : StepOpen(ref state, minute)
            : minute.Verdict.Level == VerdictLevel.Outage ? Open(ref state, minute)
            : StepClosed(ref state, minute);
    }

    private static IncidentEvent? StepClosed(ref LifecycleState state, in LifecycleMinute minute)
    {
        if (minute.Verdict.Level == VerdictLevel.Elevated)
        {
            state.QuietFrom = null;
            return state.Status == ServiceStatus.Normal ? Log(ref state, minute, IncidentEventKind.Elevated, ServiceStatus.Elevated) : null;
        }
        if (state.Status != ServiceStatus.Elevated)
            return null;
        state.QuietFrom ??= minute.Minute;
        // Raised before a gap and quiet after it: that was not seen to go on.
        var calm = state.Gap.Length >= LongGap && state.QuietFrom >= state.Gap.To && minute.Minute - state.Gap.To < CalmMinutes ? LongGap : CalmMinutes;
        var isCalm = minute.Minute - state.QuietFrom.Value + 1 >= calm;
        return isCalm ? Log(ref state, minute, IncidentEventKind.Calmed, ServiceStatus.Normal) : null;
    }

    private static IncidentEvent Open(ref LifecycleState state, in LifecycleMinute minute)
    {
        var previous = state.Incident;
        var recurs = previous?.EndedAt is { } ended && minute.Onset - ended <= RecurrenceMinutes;
        (state.QuietFrom, state.Quiet) = (null, 0);
        (state.MostInFive, state.FewestInFive) = (minute.Five, int.MaxValue);
        state.RaisedUntil = minute.Minute;
        StartHigh(ref state, minute);
        // An onset inside the incident before would make two incidents of one minute.
        state.SurgeFrom = Minute.Max(minute.Onset, previous?.EndedAt ?? minute.Onset);
        Incident incident;
        if (recurs)
        {
            state.Excess += Math.Max(0, minute.Excess);
            state.HighestRatio = Math.Max(state.HighestRatio, minute.Ratio);
            incident = previous! with
            {
                State = IncidentState.Open,
                EndedAt = null,
                ResolvedAt = null,
                Phases = [.. previous.Phases.Where(p => p.Kind != PhaseKind.End), new Phase(PhaseKind.Recurrence, state.SurgeFrom, null)],
            };
        }
        else
        {
            state.Excess = Math.Max(0, minute.Five - minute.FiveExpected);
            state.HighestRatio = minute.Ratio;
            state.LoggedPeak = 0;
            var id = new IncidentId(state.Service, (previous?.Id.Number ?? 0) + 1);
            incident = new Incident(
                id, IncidentState.Open, state.SurgeFrom, (minute.Minute + 1).Start, new Peak(minute.Minute, minute.Reports), EndedAt: null,
                ResolvedAt: null, Severity: 0, [new Phase(PhaseKind.Onset, state.SurgeFrom, null)], Regions: [], minute.Verdict.Evidence);
        }
        incident = WithFacts(incident, state, minute);
        return Log(ref state, minute, recurs ? IncidentEventKind.Recurred : IncidentEventKind.Opened, ServiceStatus.Outage, incident);
    }

    private static IncidentEvent? StepOpen(ref LifecycleState state, in LifecycleMinute minute)
    {
        state.Excess += Math.Max(0, minute.Excess);
        state.HighestRatio = Math.Max(state.HighestRatio, minute.Verdict.Level == VerdictLevel.Outage ? minute.Ratio : 0);
        var incident = state.Incident!;
        var phase = incident.Phases[^1].Kind;
        IncidentEventKind? kind = null;
        if (phase == PhaseKind.Recovery)
        {
            state.FewestInFive = Math.Min(state.FewestInFive, minute.Five);
            if (minute.Verdict.Level == VerdictLevel.Outage && minute.Five >= RecurrenceShare * state.MostInFive
                && minute.Five >= RecurrenceMultiple * Math.Max(state.FewestInFive, minute.FiveExpected))
            {
                state.SurgeFrom = minute.Minute - 4;
                state.MostInFive = minute.Five;
                StartHigh(ref state, minute);
                incident = NextPhase(incident, PhaseKind.Recurrence, Minute.Max(state.SurgeFrom, incident.Phases[^1].From));
                kind = IncidentEventKind.Recurred;
            }
        }
        else if (minute.Five >= state.MostInFive)
        {
            state.MostInFive = minute.Five;
        }
        else if (minute.Five - minute.FiveExpected < RecoveryShare * (state.MostInFive - minute.FiveExpected) && !state.IsJustAfterGap(minute.Minute))
        {
            state.FewestInFive = minute.Five;
            // What fell while nobody observed may have fallen as soon as it began.
            var from = state.Gap.To > minute.Minute - LongGap && state.RaisedUntil < state.Gap.From ? state.Gap.From : minute.Minute;
            incident = NextPhase(WithPeakPhase(incident, from), PhaseKind.Recovery, from);
            kind = IncidentEventKind.Recovering;
        }

        TrackRaised(ref state, minute);
        TrackHigh(ref state, minute);
        TrackQuiet(ref state, minute);
        if (state.Gap.Length >= LongGap && state.RaisedUntil < state.Gap.From && state.Quiet >= LongGap)
            return Lose(ref state, minute, incident);
        incident = WithFacts(incident, state, minute);
        if (state.QuietFrom is { } quiet && state.Quiet >= QuietMinutes && state.SinceHigh >= Hold(state))
            return Resolve(ref state, minute, incident, quiet);
        var grew = incident.Peak.ReportsPerMinute >= GrowthLogged * state.LoggedPeak || incident.Regions.Length > state.LoggedRegions;
        if (kind is null && grew && minute.Minute - state.LastEvent >= GrowthPause)
            kind = IncidentEventKind.Grew;
        if (kind is { } happened)
            return Log(ref state, minute, happened, ServiceStatus.Outage, incident);
        state.Incident = incident;
        return null;
    }

    private static IncidentEvent Resolve(ref LifecycleState state, in LifecycleMinute minute, Incident incident, Minute quiet)
    {
        quiet = Minute.Max(quiet, state.SurgeFrom);
        if (incident.Phases[^1].Kind != PhaseKind.Recovery)
            incident = NextPhase(WithPeakPhase(incident, quiet), PhaseKind.Recovery, quiet);
        return End(ref state, minute, incident, quiet);
    }

    // Over in a gap: no recovery was observed.
    private static IncidentEvent Lose(ref LifecycleState state, in LifecycleMinute minute, Incident incident)
    {
        var quiet = Minute.Max(state.RaisedUntil + 1, state.SurgeFrom);
        return End(ref state, minute, WithPeakPhase(incident, quiet), quiet);
    }

    private static IncidentEvent End(ref LifecycleState state, in LifecycleMinute minute, Incident incident, Minute quiet)
    {
        var end = Minute.Max(quiet, incident.Phases[^1].From);
        var now = (minute.Minute + 1).Start;
        incident = NextPhase(incident, PhaseKind.End, end) with { State = IncidentState.Resolved, EndedAt = end, ResolvedAt = now };
        state.QuietFrom = null;
        return Log(ref state, minute, IncidentEventKind.Resolved, ServiceStatus.Normal, incident);
    }

    /// <summary>Whether five minutes look like any other: within one and a half times the usual, and chance.</summary>
    internal static bool IsUsual(int five, double expected) => five <= (1.5 * expected) + (1.5 * Math.Sqrt(expected)) + 0.5;

    /// <summary>A surge begins that is measured by itself.</summary>
    internal static void StartHigh(ref LifecycleState state, in LifecycleMinute minute)
    {
        (state.HighUntil, state.SinceHigh) = (minute.Minute, 0);
        (state.HighReporters, state.HighExpected) = (minute.Five, minute.FiveExpected);
    }

    /// <summary>
    /// Counts a minute as high, or as one more since. Only observed minutes come here: a server that was down has not seen the quiet.
    /// </summary>
    internal static void TrackHigh(ref LifecycleState state, in LifecycleMinute minute)
    {
        state.SinceHigh++;
        if (IsUsual(minute.Five, minute.FiveExpected)
            || minute.Five - minute.FiveExpected < (HighShare * (state.MostInFive - minute.FiveExpected)) - (HighSlack * Math.Sqrt(state.MostInFive)))
        {
            return;
        }
        (state.HighUntil, state.SinceHigh) = (minute.Minute, 0);
        state.HighReporters += minute.Five;
        state.HighExpected += minute.FiveExpected;
    }

    /// <summary>Notes a minute above the usual, as long as the last five are, too.</summary>
    internal static void TrackRaised(ref LifecycleState state, in LifecycleMinute minute)
    {
        if (minute.Excess > 0 && (minute.RegionIsRaised || !IsUsual(minute.Five, minute.FiveExpected)))
            state.RaisedUntil = minute.Minute;
    }

    // Quiet is: the world's last five minutes are about the usual, and so are those of every region in outage, which the sum may hide.
    internal static void TrackQuiet(ref LifecycleState state, in LifecycleMinute minute)
    {
        if (minute.RegionIsRaised || !IsUsual(minute.Five, minute.FiveExpected))
        {
            (state.QuietFrom, state.Quiet) = (null, 0);
            return;
        }
        // The five minutes judged quiet began four minutes ago, or in a gap: then with its beginning.
        state.QuietFrom ??= state.Gap.Contains(minute.Minute - 4) ? state.Gap.From : minute.Minute - 4;
        state.Quiet++;
    }

    private static int Hold(in LifecycleState state)
    {
        // From the first onset, also where it came back: what came back once comes back again.
        var length = state.HighUntil - state.Incident!.StartedAt;
        var longest = state.HighReporters < MildRatio * state.HighExpected ? LongestMildHold : LongestHold;
        return (int)Math.Clamp(HoldShare * (length - SelfMendingMinutes), ShortestHold, longest);
    }

    private static Incident WithFacts(Incident incident, in LifecycleState state, in LifecycleMinute minute)
    {
        var severity = Math.Round(Math.Log10(1 + Math.Max(0, state.Excess)) + Math.Log10(Math.Max(1, double.IsFinite(state.HighestRatio) ? state.HighestRatio : 1)), 2);
        var regions = minute.OutageRegions.All(r => incident.Regions.Contains(r))
            ? incident.Regions
            : [.. incident.Regions.Union(minute.OutageRegions).Order()];
        var peak = minute.Reports > incident.Peak.ReportsPerMinute ? new Peak(minute.Minute, minute.Reports) : incident.Peak;
        if (severity <= incident.Severity && regions.Length == incident.Regions.Length && peak == incident.Peak)
            return incident;
        return incident with { Severity = Math.Max(severity, incident.Severity), Regions = regions, Peak = peak };
    }

    // The peak phase is known when it is over: from the worst minute to where recovery begins.
    private static Incident WithPeakPhase(Incident incident, Minute recovery)
    {
        if (incident.Phases[^1].Kind is not (PhaseKind.Onset or PhaseKind.Recurrence) || incident.Phases.Any(p => p.Kind == PhaseKind.Peak))
            return incident;
        var from = Minute.Min(Minute.Max(incident.Peak.At, incident.Phases[^1].From), recovery);
        return NextPhase(incident, PhaseKind.Peak, from);
    }

    private static Incident NextPhase(Incident incident, PhaseKind kind, Minute from)
    {
        var last = incident.Phases[^1];
        var closed = incident.Phases.SetItem(incident.Phases.Length - 1, last with { To = Minute.Max(from, last.From) });
        return incident with { Phases = closed.Add(new Phase(kind, from, kind == PhaseKind.End ? from : null)) };
    }

    private static IncidentEvent Log(
        ref LifecycleState state, in LifecycleMinute minute, IncidentEventKind kind, ServiceStatus status, Incident? incident = null)
    {
        state.Events++;
        (state.Status, state.LastEvent) = (status, minute.Minute);
        if (incident is not null)
        {
            state.Incident = incident;
            state.LoggedPeak = incident.Peak.ReportsPerMinute;
            state.LoggedRegions = incident.Regions.Length;
        }
        return new IncidentEvent(state.Service, state.Events, kind, (minute.Minute + 1).Start, status, incident);
    }
}
