using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OutageAggregator.Core.Baselines;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Verdicts;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Resources;

namespace OutageAggregator.Web.Answers;

/// <summary>An incident, as lists, its own address and live events show it.</summary>
internal sealed record IncidentAnswer(
    string Id,
    string Service,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset DetectedAt,
    PeakAnswer Peak,
    DateTimeOffset? EndedAt,
    DateTimeOffset? ResolvedAt,
    int Reports,
    long Reporters,
    ExcessAnswer? Excess,
    double Severity,
    ImmutableArray<PhaseAnswer> Phases,
    ImmutableArray<RegionPart> Regions,
    ImmutableArray<IncidentPart> Problems,
    ImmutableArray<IncidentPart> Surfaces,
    EvidenceAnswer Evidence,
    ImmutableArray<RelatedAnswer> Related,
    ImmutableArray<StatementAnswer> Statements,
    double? OfficialLagMinutes,
    ReviewAnswer? Review,
    SentenceAnswer Sentence)
{
    internal static IncidentAnswer Of(IncidentView view)
    {
        var incident = view.Incident;
        return new IncidentAnswer(
            incident.Id.ToString(),
            incident.Service.ToString(),
            incident.State.Code(),
            incident.StartedAt.Start,
            incident.DetectedAt,
            new PeakAnswer(incident.Peak.At.Start, incident.Peak.ReportsPerMinute),
            incident.EndedAt?.Start,
            incident.ResolvedAt,
            view.Reports,
            view.Reporters,
            view.Excess is { } excess ? ExcessAnswer.Of(excess) : null,
            incident.Severity,
            [.. incident.Phases.Select(p => new PhaseAnswer(p.Kind.Code(), p.From.Start, p.To?.Start))],
            RegionsOf(view),
            [.. view.Problems.Select(p => new IncidentPart(p.Of.Code(), Labels.Of(p.Of), p.Reports, Rounded.Part(p.Portion)))],
            [.. view.Surfaces.Select(s => new IncidentPart(s.Of.Code(), Labels.Of(s.Of), s.Reports, Rounded.Part(s.Portion)))],
            EvidenceAnswer.Of(incident.Evidence),
            Related: [],
            Statements: [],
            OfficialLagMinutes: null,
            view.Review is { } review ? new ReviewAnswer(review.Verdict.Code(), review.Reason, review.At) : null,
            new SentenceAnswer(view.Sentence.En, view.Sentence.It, view.Sentence.Fa, view.Sentence.Es));
    }

    // A region judged in outage is named even where its reports were withdrawn since.
    private static ImmutableArray<RegionPart> RegionsOf(IncidentView view) =>
    [
        .. view.Regions.Select(r => new RegionPart(
            r.Of.ToString(), r.Of.Name, r.Reports, Rounded.Part(r.Portion), view.Incident.Regions.Contains(r.Of))),
        .. view.Incident.Regions.Where(r => !view.Regions.Any(s => s.Of == r)).Select(r => new RegionPart(r.ToString(), r.Name, 0, 0, true)),
    ];
}

/// <summary>The worst minute so far.</summary>
internal readonly record struct PeakAnswer(DateTimeOffset At, int ReportsPerMinute);

/// <summary>Reporters beyond the usual, the interval of 95 % around them, and the usual.</summary>
internal sealed record ExcessAnswer(long Reporters, long Low, long High, double Expected)
{
    internal static ExcessAnswer Of(Excess excess) => new(excess.Reporters, excess.Low, excess.High, Rounded.Expected(excess.Expected));
}

/// <summary>[from, to); to is null while the phase lasts.</summary>
internal readonly record struct PhaseAnswer(string Kind, DateTimeOffset From, DateTimeOffset? To);

/// <summary>A problem or surface, and how many of the incident's reports name it.</summary>
internal readonly record struct IncidentPart(string Code, string Label, int Reports, double Share);

/// <summary>A region reports came from; <c>outage</c> where it was judged in outage by itself.</summary>
internal readonly record struct RegionPart(string Code, string Label, int Reports, double Share, bool Outage);

/// <summary>Why the incident was opened: the numbers to check it by hand.</summary>
/// <param name="Log10PValue">The p-value's exponent, for p-values too small for a number.</param>
internal sealed record EvidenceAnswer(
    int WindowMinutes,
    int Observed,
    double Expected,
    int Upper,
    double PValue,
    [property: JsonPropertyName("log10PValue")] double Log10PValue,
    int Reporters,
    int MinimumReporters,
    string Detector,
    string Rule,
    string Region)
{
    internal static EvidenceAnswer Of(Evidence e) => new(
        e.WindowMinutes,
        e.Observed,
        Rounded.Expected(e.Expected),
        e.Upper,
        e.PValue,
        Math.Round(e.Log10PValue, 2),
        e.Reporters,
        e.MinimumReporters,
        e.Detector,
        e.Rule,
        e.Region.ToString());
}

internal sealed record RelatedAnswer(string Service, string Relation, double Share, int LagMinutes);

internal sealed record StatementAnswer(DateTimeOffset At, string State, string Text, string? Url);

/// <summary>What operators said of an incident. The name of the key that said it stays here.</summary>
internal sealed record ReviewAnswer(string Verdict, string Reason, DateTimeOffset At);

internal sealed record SentenceAnswer(string En, string It, string Fa, string Es);
