using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Caching;
using OutageAggregator.Web.Http;

namespace OutageAggregator.Web.Features.Shadow;

/// <summary><c>GET /api/v1/shadow</c>: a candidate detector beside the live one, compared.</summary>
internal static class ShadowEndpoints
{
    internal static void MapShadow(this IEndpointRouteBuilder app) => _ = app.MapRead("/api/v1/shadow", ReadAsync);

    private static async Task<IResult> ReadAsync(HttpContext context, ShadowReader reader, WatchSettings settings, FreshAnswers answers)
    {
        if (!new QueryReader(context.Request.Query).IsGood(out var complaint))
            return complaint;
        var view = await reader.ReadAsync(context.RequestAborted);
        var answer = new ShadowAnswer(
            settings.Detector,
            [.. settings.Detectors.Select(d => new OwnDetectorAnswer(d.Service.ToString(), d.Detector))],
            settings.Shadow.Length == 0 ? null : settings.Shadow,
            view is null ? null : ComparisonAnswer.Of(view));
        return await answers.OfAsync(Rendered.Json(answer, ShadowJson.Written.ShadowAnswer), context);
    }
}

/// <param name="Detector">The live detector.</param>
/// <param name="Detectors">Services with a live detector of their own.</param>
/// <param name="Candidate">The candidate; null where none runs.</param>
/// <param name="Comparison">Null where none runs, or it is about to begin.</param>
internal sealed record ShadowAnswer(
    string Detector, ImmutableArray<OwnDetectorAnswer> Detectors, string? Candidate, ComparisonAnswer? Comparison);

internal readonly record struct OwnDetectorAnswer(string Service, string Detector);

/// <param name="RunsSince">When the candidate began.</param>
/// <param name="From">Outages noticed since then are compared.</param>
/// <param name="Items">The newest of them, the latest onset first.</param>
internal sealed record ComparisonAnswer(
    DateTimeOffset RunsSince,
    DateTimeOffset From,
    int Both,
    int OnlyLive,
    int OnlyCandidate,
    double? MedianDetectedMinutes,
    double? MedianEndMinutes,
    ImmutableArray<ComparedAnswer> Items)
{
    internal static ComparisonAnswer Of(ShadowView view)
    {
        var compared = view.Comparison;
        return new ComparisonAnswer(
            view.Run.Since,
            view.From,
            compared.Both,
            compared.OnlyLive,
            compared.OnlyCandidate,
            compared.MedianDetectedMinutes,
            compared.MedianEndMinutes,
            [.. compared.Outages.Take(ShadowPages.Most).Select(ComparedAnswer.Of)]);
    }
}

/// <param name="FoundBy"><c>both</c>, <c>live</c> or <c>candidate</c>.</param>
internal sealed record ComparedAnswer(string Service, string FoundBy, FoundAnswer? Live, FoundAnswer? Candidate)
{
    internal static ComparedAnswer Of(ComparedOutage outage) => new(
        outage.Service.ToString(), ShadowWords.Code(outage.FoundBy), FoundAnswer.Of(outage.Live, isLive: true), FoundAnswer.Of(outage.Candidate, isLive: false));
}

/// <param name="Incidents">Names of the live detector's incidents; empty for the candidate's, which have no address.</param>
/// <param name="Pieces">How many incidents it was taken for.</param>
internal sealed record FoundAnswer(
    DateTimeOffset StartedAt,
    DateTimeOffset DetectedAt,
    DateTimeOffset? EndedAt,
    PeakAnswer Peak,
    int Pieces,
    ImmutableArray<string> Incidents,
    string Detector,
    ImmutableArray<string> Rules)
{
    internal static FoundAnswer? Of(FoundOutage? found, bool isLive) => found is null ? null : new FoundAnswer(
        found.StartedAt.Start,
        found.DetectedAt,
        found.EndedAt?.Start,
        new PeakAnswer(found.Peak.At.Start, found.Peak.ReportsPerMinute),
        found.Incidents.Count,
        isLive ? [.. found.Incidents.Select(i => i.Id.ToString())] : [],
        found.Incidents[0].Evidence.Detector,
        [.. ShadowWords.Rules(found)]);
}

[JsonSerializable(typeof(ShadowAnswer))]
internal sealed partial class ShadowJson : JsonSerializerContext
{
    internal static ShadowJson Written { get; } = new(AnswerJson.Options());
}
