using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Web.Answers;

/// <summary>An incident, as lists, its own address and live events show it.</summary>
/// <param name="Id">The service and the number of its incident.</param>
/// <param name="StartedAt">Estimated first minute of the excess.</param>
/// <param name="DetectedAt">When the detector first said so.</param>
/// <param name="EndedAt">Estimated first minute back at the usual; null while open.</param>
/// <param name="ResolvedAt">When the end was declared; null while open.</param>
/// <param name="Reports">Told in time from the onset to the end (or now).</param>
/// <param name="Reporters">Distinct reporters, estimated.</param>
/// <param name="Excess">
/// Null while nothing of the usual was known before the onset, and where that is no longer kept; always null in lists and live events,
/// because it takes four weeks of counts an incident to know: ask for the one incident.
/// </param>
/// <param name="Gaps">
/// Stretches from the onset until its end was declared (or now) that nobody observed; one that begins with the end or after it hid the end.
/// </param>
/// <param name="DurationMinutes">How long it lasted (or lasts) as far as that was observed: gaps are no duration.</param>
/// <param name="DurationIsAtLeast">True where a part was not observed: nobody knows how much longer it lasted.</param>
/// <param name="Severity">log10 of the excess reporters times the highest ratio to the usual: 2 is small, 4 is everybody's news.</param>
/// <param name="Regions">Most reported first.</param>
/// <param name="Problems">Most reported first.</param>
/// <param name="Surfaces">Most reported first.</param>
/// <param name="OfficialLagMinutes">Minutes from detection to the provider's first statement.</param>
/// <param name="Review">Null where the operators said nothing of it, and always in live events.</param>
/// <param name="Sentence">One sentence that can be cited alone, by the code of its language: <c>en</c> and others.</param>
public sealed record IncidentAnswer(
    string Id, string Service, IncidentState State, DateTimeOffset StartedAt, DateTimeOffset DetectedAt, PeakAnswer Peak,
    DateTimeOffset? EndedAt, DateTimeOffset? ResolvedAt, ImmutableArray<GapAnswer> Gaps, int DurationMinutes, bool DurationIsAtLeast, int Reports, long Reporters, ExcessAnswer? Excess, double Severity,
    ImmutableArray<PhaseAnswer> Phases, ImmutableArray<RegionPart> Regions, ImmutableArray<IncidentPart> Problems,
    ImmutableArray<IncidentPart> Surfaces, EvidenceAnswer Evidence, ImmutableArray<RelatedAnswer> Related,
    ImmutableArray<StatementAnswer> Statements, [property: Signed] double? OfficialLagMinutes, ReviewAnswer? Review,
    IReadOnlyDictionary<string, string> Sentence)
{
    /// <summary>The part of an address that names one.</summary>
    internal static Parameter IdInPath { get; } = Parameter.InPath(
        "id", "The service and the number of its incident.", example: "chatgpt-7");

    /// <summary>An id in any case: the service in it is a slug.</summary>
    internal static bool TryParseId(string? text, out IncidentId id) => IncidentId.TryParse(text?.ToLowerInvariant(), out id);

    internal static ProblemAnswer NotThere { get; } =
        new(ProblemTypes.NotFound, "There is no such incident; ids look like chatgpt-7, and GET /api/v1/incidents lists them.");

    internal static IncidentAnswer Of(IncidentView view, ServerNotice notice)
    {
        var incident = view.Incident;
        return new IncidentAnswer(
            incident.Id.ToString(), incident.Service.ToString(), incident.State, incident.StartedAt.Start, incident.DetectedAt,
            PeakAnswer.Of(incident.Peak), incident.EndedAt?.Start, incident.ResolvedAt,
            [.. view.Gaps.Select(g => new GapAnswer(g.From.Start, g.To.Start))], view.Minutes, view.IsAtLeast, view.Reports, view.Reporters,
            view.Excess is { } excess ? ExcessAnswer.Of(excess) : null, incident.Severity, PhaseAnswer.Of(incident), RegionsOf(view),
            [.. view.Problems.Select(p => new IncidentPart(p.Of.Code(), Languages.English.Of(p.Of), p.Reports, Rounded.Of(p.Portion)))],
            [.. view.Surfaces.Select(s => new IncidentPart(s.Of.Code(), Languages.English.Of(s.Of), s.Reports, Rounded.Of(s.Portion)))],
            EvidenceAnswer.Of(incident.Evidence), Related: [], Statements: [], OfficialLagMinutes: null,
            view.Review is { } review ? new ReviewAnswer(review.Verdict, review.Reason, review.At) : null, Languages.Cite(view, notice));
    }

    // A region judged in outage is named even where its reports were withdrawn since.
    private static ImmutableArray<RegionPart> RegionsOf(IncidentView view) =>
    [
        .. view.Regions.Select(r => new RegionPart(
            r.Of, r.Of.Name, r.Reports, Rounded.Of(r.Portion), view.Incident.Regions.Contains(r.Of))),
        .. view.Incident.Regions.Where(r => !view.Regions.Any(s => s.Of == r)).Select(r => new RegionPart(r, r.Name, 0, 0, true)),
    ];
}

/// <summary>A stretch that nobody observed, [from, to).</summary>
public readonly record struct GapAnswer(DateTimeOffset From, DateTimeOffset To);

/// <summary>The worst minute so far.</summary>
public readonly record struct PeakAnswer(DateTimeOffset At, int ReportsPerMinute)
{
    internal static PeakAnswer Of(Peak peak) => new(peak.At.Start, peak.ReportsPerMinute);
}

/// <summary>
/// Reports beyond what was usual for the whole service, in the same minutes; minutes in which nobody watched are left out of both. A
/// reporter counts once in 30 minutes, and so more than once in an incident that is longer: these are no people.
/// </summary>
/// <param name="Reports">Observed minus expected; below 0 where there were fewer than usual.</param>
/// <param name="Low">
/// Observed minus the 97.5 % quantile of what is usual (negative binomial). Not cut at 0: below it, chance alone could have brought as
/// many.
/// </param>
/// <param name="High">Observed minus its 2.5 % quantile.</param>
/// <param name="Expected">Reports usual in these minutes, learnt from the four weeks before the onset.</param>
public sealed record ExcessAnswer(
    [property: Signed] long Reports, [property: Signed] long Low, [property: Signed] long High, double Expected)
{
    internal static ExcessAnswer Of(Excess excess) => new(excess.Reports, excess.Low, excess.High, Rounded.Of(excess.Expected));
}

/// <summary>A stretch of an incident, [from, to); <c>end</c> is the minute of the end.</summary>
/// <param name="To">Null while the phase lasts.</param>
public readonly record struct PhaseAnswer(PhaseKind Kind, DateTimeOffset From, DateTimeOffset? To)
{
    internal static ImmutableArray<PhaseAnswer> Of(Incident incident) =>
        [.. incident.Phases.Select(p => new PhaseAnswer(p.Kind, p.From.Start, p.To?.Start))];
}

/// <summary>A problem or surface, and how many of the incident's reports name it.</summary>
/// <param name="Label">English.</param>
/// <param name="Share">Part of all reports, 0 to 1.</param>
public readonly record struct IncidentPart(string Code, string Label, int Reports, [property: Range(0d, 1)] double Share);

/// <summary>A region that reports came from.</summary>
/// <param name="Share">Part of all reports, 0 to 1.</param>
/// <param name="Outage">Judged in outage by itself.</param>
public readonly record struct RegionPart(Region Code, string Label, int Reports, [property: Range(0d, 1)] double Share, bool Outage);

/// <summary>The verdict that opened an incident, to be checked by hand.</summary>
/// <param name="Observed">Distinct reporters in the window.</param>
/// <param name="Expected">Usual in such a window; null, as the next three, where too little was known of it.</param>
/// <param name="Upper">The most that chance makes plausible.</param>
/// <param name="PValue">Chance of seeing as many or more on a usual day; 0 where it is too small for a number.</param>
/// <param name="Log10PValue">Its decimal exponent.</param>
/// <param name="MinimumReporters">The fewest that may raise an incident.</param>
/// <param name="Prior">
/// Only where too little was known of what is usual (this time of day was seen on fewer than 4 days): what was taken for possible in such a
/// window beforehand. It says nothing of the service.
/// </param>
public sealed record EvidenceAnswer(
    int WindowMinutes, int Observed, double? Expected, int? Upper, [property: Range(0d, 1)] double? PValue,
    [property: JsonPropertyName("log10PValue"), Signed] double? Log10PValue, int Reporters, int MinimumReporters, string Detector,
    string Rule, Region Region, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Prior)
{
    internal static EvidenceAnswer Of(Evidence e) => new(
        e.WindowMinutes, e.Observed, e.IsPrior ? null : Rounded.Of(e.Expected), e.IsPrior ? null : e.Upper, e.IsPrior ? null : e.PValue,
        e.IsPrior ? null : Math.Round(e.Log10PValue, 2), e.Reporters, e.MinimumReporters, e.Detector, e.Rule, e.Region,
        e.IsPrior ? Rounded.Of(e.Expected) : null);
}

/// <summary>A service whose incident belongs to this one.</summary>
/// <param name="Share">Part of all reports, 0 to 1.</param>
public sealed record RelatedAnswer(
    string Service, Relation Relation, [property: Range(0d, 1)] double Share, [property: Signed] int LagMinutes);

public enum Relation { Collateral, SharedCause, SpillOver }

/// <summary>What the provider said, and when.</summary>
public sealed record StatementAnswer(DateTimeOffset At, StatementState State, string Text, string? Url);

public enum StatementState { Investigating, Identified, Monitoring, Resolved }

/// <summary>What this server's operators said of an incident, last. The name of the key that said it stays here.</summary>
/// <param name="Reason">Plain text; may be empty where the verdict is <c>confirmed</c>.</param>
/// <param name="At">When they said so.</param>
public sealed record ReviewAnswer(ReviewVerdict Verdict, string Reason, DateTimeOffset At);
