namespace OutageAggregator.Web.Features.Shadow;

/// <summary><c>GET /api/v1/shadow</c>: a candidate detector beside the live one, compared.</summary>
internal static class ShadowEndpoints
{
    internal static void MapShadow(this IEndpointRouteBuilder app) => _ = app.MapMethods("/api/v1/shadow", ReadRoutes.Methods, ReadAsync)
        .Describe(
            "getShadow", Tags.Reading, "A candidate detector beside the live one, compared",
            "What a detector that may replace the live one would have said of the same reports in the last 28 days, or since it began. Its "
            + "incidents are in no other answer.")
        .AnswersFresh(typeof(ShadowAnswer))
        .RefusesAsUsual();

    private static async Task<IResult> ReadAsync(
        HttpContext context, ShadowReader reader, WatchSettings settings, FreshAnswers answers)
    {
        if (!new QueryReader(context).IsGood(out var complaint))
            return complaint;
        var view = await reader.ReadAsync(context.RequestAborted);
        var answer = new ShadowAnswer(
            settings.Detector, [.. settings.Detectors.Select(d => new OwnDetector(d.Service.ToString(), d.Detector))],
            settings.Shadow.Length == 0 ? null : settings.Shadow, view is null ? null : DetectorComparisonAnswer.Of(view));
        return await answers.OfAsync(context, Rendered.Json(answer));
    }
}

/// <summary>The comparison, or that no candidate runs.</summary>
/// <param name="Detector">The live detector.</param>
/// <param name="Detectors">Services with a live detector of their own.</param>
/// <param name="Candidate">The candidate; null where none runs.</param>
/// <param name="Comparison">Null where no candidate runs, or it is about to begin.</param>
public sealed record ShadowAnswer(
    string Detector, ImmutableArray<OwnDetector> Detectors, string? Candidate, DetectorComparisonAnswer? Comparison);

/// <summary>A service with a live detector of its own.</summary>
public readonly record struct OwnDetector(string Service, string Detector);

/// <summary>What two detectors made of the same reports.</summary>
/// <param name="RunsSince">When the candidate began.</param>
/// <param name="From">Outages noticed since then are compared.</param>
/// <param name="Both">Outages found by both: their incidents overlap in time.</param>
/// <param name="MedianDetectedMinutes">
/// Over what both found: minutes from the live detector's word to the candidate's, negative where that one was first.
/// </param>
/// <param name="MedianEndMinutes">The same of the ends, over what both saw end.</param>
/// <param name="Items">The newest 100 at most, the latest onset first.</param>
public sealed record DetectorComparisonAnswer(
    DateTimeOffset RunsSince, DateTimeOffset From, int Both, int OnlyLive, int OnlyCandidate,
    [property: Signed] double? MedianDetectedMinutes, [property: Signed] double? MedianEndMinutes,
    ImmutableArray<ComparedOutageAnswer> Items)
{
    internal static DetectorComparisonAnswer Of(ShadowView view)
    {
        var compared = view.Comparison;
        return new DetectorComparisonAnswer(
            view.Run.Since, view.From, compared.Both, compared.OnlyLive, compared.OnlyCandidate, compared.MedianDetectedMinutes,
            compared.MedianEndMinutes, [.. compared.Outages.Take(ShadowPages.Most).Select(ComparedOutageAnswer.Of)]);
    }
}

/// <summary>An outage, and what each detector took it for.</summary>
public sealed record ComparedOutageAnswer(string Service, FoundBy FoundBy, FoundOutageAnswer? Live, FoundOutageAnswer? Candidate)
{
    internal static ComparedOutageAnswer Of(ComparedOutage outage) => new(
        outage.Service.ToString(), outage.FoundBy, FoundOutageAnswer.Of(outage.Live, isLive: true),
        FoundOutageAnswer.Of(outage.Candidate, isLive: false));
}

/// <summary>What a detector found.</summary>
/// <param name="StartedAt">Estimated first minute of the excess.</param>
/// <param name="DetectedAt">When the detector first said so, or would have.</param>
/// <param name="EndedAt">Null while it goes on.</param>
/// <param name="Pieces">How many incidents it was taken for, one after the other.</param>
/// <param name="Incidents">Ids of the live detector's incidents; empty for the candidate's, which have no address.</param>
/// <param name="Rules">The rules that opened them.</param>
public sealed record FoundOutageAnswer(
    DateTimeOffset StartedAt, DateTimeOffset DetectedAt, DateTimeOffset? EndedAt, PeakAnswer Peak, int Pieces,
    ImmutableArray<string> Incidents, string Detector, ImmutableArray<string> Rules)
{
    internal static FoundOutageAnswer? Of(FoundOutage? found, bool isLive) => found is null ? null : new FoundOutageAnswer(
        found.StartedAt.Start, found.DetectedAt, found.EndedAt?.Start, PeakAnswer.Of(found.Peak), found.Incidents.Count,
        isLive ? [.. found.Incidents.Select(i => i.Id.ToString())] : [], found.Incidents[0].Evidence.Detector,
        [.. ShadowPages.RulesOf(found)]);
}
