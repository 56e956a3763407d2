namespace OutageAggregator.Web.Features.Reviews;

/// <summary>
/// <c>PUT /api/v1/incidents/{id}/review</c>: an operator says what an incident was. Answered with the incident when the review is durable.
/// The same review again adds nothing; another one takes its place, and the first is kept for the operator.
/// </summary>
internal sealed class PutReview(
    IncidentReader incidents, IReviewLog reviews, TrackRecordReader record, FreshnessReader freshness, ServerNotice notice,
    TimeProvider clock)
{
    public async Task<ProblemAnswer?> HandleAsync(HttpContext context, string keyName)
    {
        if (MediaType.Of(context.Request, MediaType.Json) is null)
            return new ProblemAnswer(ProblemTypes.UnsupportedMediaType, $"A review is {MediaType.Json}; UTF-8, not compressed.");
        if (await LimitedBody.ReadCopyAsync(context.Request, ReviewBody.MaxBytes) is not { } bytes)
            return new ProblemAnswer(ProblemTypes.BodyTooLarge, "A review is at most 16 KiB (16,384 bytes).");
        var problem = ReviewBody.Read(bytes, out var sent);
        if (!new QueryReader(context).IsGood(out var complaint) || (complaint = problem) is not null)
            return complaint;
        if (!IncidentAnswer.TryParseId(context.Request.RouteValues["id"] as string, out var id)
            || await incidents.ReadAsync(id, context.RequestAborted) is not { } view)
            return IncidentAnswer.NotThere;

        // Not given up with the caller: what is stored is then known here, whoever hears of it.
        var review = await reviews.AppendAsync(
            new Review(id, sent.Verdict, sent.Reason, clock.GetUtcNow(), keyName), CancellationToken.None);
        record.Forget();
        var fresh = FreshnessAnswer.Of(await freshness.ReadAsync(context.RequestAborted), notice);
        context.Response.Headers.CacheControl = "no-store";
        await JsonBody.WriteBytesAsync(
            context, Rendered.Json(IncidentAnswer.Of(view with { Review = review }, notice)).Join(AnswerJson.Write(fresh)));
        return null;
    }
}
