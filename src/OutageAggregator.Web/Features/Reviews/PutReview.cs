using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Caching;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Reviews;

/// <summary>
/// <c>PUT /api/v1/incidents/{id}/review</c>: an operator says what an incident was. Answered with the incident when the review is durable. The same
/// review again adds nothing; another one takes its place, and the first is kept for the operator.
/// <para>
/// Pages of other sites have no way to it: it needs the Authorization header, for which a browser asks first, and the answer allows reads only.
/// </para>
/// </summary>
internal sealed class PutReview(
    IncidentReader incidents, IReviewLog reviews, TrackRecordReader record, FreshnessReader freshness, ServerNotice notice, TimeProvider clock)
{
    public async Task HandleAsync(HttpContext context, string keyName)
    {
        if (MediaType.Of(context.Request, MediaType.Json) is null)
        {
            await new ProblemAnswer(ProblemTypes.UnsupportedMediaType, $"A review is {MediaType.Json}; UTF-8, not compressed.").ExecuteAsync(context);
            return;
        }
        var body = await LimitedBody.ReadAsync(context.Request, ReviewBody.MaxBytes);
        if (body.IsTooLarge)
        {
            await new ProblemAnswer(ProblemTypes.BodyTooLarge, "A review is at most 16 KiB (16,384 bytes).").ExecuteAsync(context);
            return;
        }
        ProblemAnswer? problem;
        ReviewBody sent;
        try
        {
            problem = ReviewBody.Read(body.Bytes.ToArray(), out sent);
        }
        finally
        {
            body.Release();
        }
        if (!new QueryReader(context).IsGood(out var complaint) || (complaint = problem) is not null)
        {
            await complaint.ExecuteAsync(context);
            return;
        }
        if (!IncidentId.TryParse(context.Request.RouteValues["id"] as string, out var id)
            || await incidents.ReadAsync(id, context.RequestAborted) is not { } view)
        {
            await new ProblemAnswer(
                ProblemTypes.NotFound, "There is no such incident; ids look like chatgpt-7, and GET /api/v1/incidents lists them.").ExecuteAsync(context);
            return;
        }

        // Not given up with the caller: what is stored is then known here, whoever hears of it.
        var review = await reviews.AppendAsync(new Review(id, sent.Verdict, sent.Reason, clock.GetUtcNow(), keyName), CancellationToken.None);
        record.Forget();
        await AnswerAsync(context, view with { Review = review });
    }

    private async Task AnswerAsync(HttpContext context, IncidentView view)
    {
        var fresh = FreshnessAnswer.Of(await freshness.ReadAsync(context.RequestAborted), notice);
        var json = Rendered.Json(IncidentAnswer.Of(view, notice), ReviewJson.Written.IncidentAnswer)
            .Join(JsonSerializer.SerializeToUtf8Bytes(fresh, FreshnessJson.Written.FreshnessAnswer));
        var response = context.Response;
        response.ContentType = MediaType.Json;
        response.ContentLength = json.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(json, context.RequestAborted);
    }
}
