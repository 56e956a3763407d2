using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Caching;
using OutageAggregator.Web.Http;

namespace OutageAggregator.Web.Features.Series;

/// <summary>
/// <c>GET /api/v1/services/{slug}/series</c>, and <c>.csv</c>: the points of a chart.
/// <para>
/// Left out, <c>to</c> is now, <c>from</c> a day before it, and <c>step</c> the smallest whose points fit. A <c>to</c> ahead of the server's
/// clock is read as now, so that a caller whose clock is fast gets an answer; a <c>from</c> ahead of it is an error. Both are widened to whole
/// steps counted from 1970, and the answer says what they became.
/// </para>
/// </summary>
internal static class SeriesEndpoints
{
    private static readonly RenderMemo<Runtime.Reading.Series> s_json =
        new(s => Rendered.Json(SeriesAnswer.Of(s), SeriesJson.Written.SeriesAnswer));

    private static readonly RenderMemo<Runtime.Reading.Series> s_csv = new(s => Rendered.Csv(SeriesCsv.Of(s)));

    internal static void MapSeries(this IEndpointRouteBuilder app)
    {
        _ = app.MapRead("/api/v1/services/{slug}/series", (
            string slug, HttpContext context, Catalog catalog, SeriesReader reader, FreshAnswers answers, ServerNotice notice, TimeProvider clock) =>
        {
            context.Response.Headers.Vary = HeaderNames.Accept;
            return ReadAsync(slug, PrefersCsv(context.Request), context, catalog, reader, answers, notice, clock);
        });
        _ = app.MapRead("/api/v1/services/{slug}/series.csv", (
            string slug, HttpContext context, Catalog catalog, SeriesReader reader, FreshAnswers answers, ServerNotice notice, TimeProvider clock) =>
            ReadAsync(slug, isCsv: true, context, catalog, reader, answers, notice, clock));
    }

    private static async Task<IResult> ReadAsync(
        string slug, bool isCsv, HttpContext context, Catalog catalog, SeriesReader reader, FreshAnswers answers, ServerNotice notice, TimeProvider clock)
    {
        var parameters = new QueryReader(context.Request.Query, "from", "to", "step", "region", "problem", "surface");
        var from = parameters.Start("from");
        var to = parameters.End("to");
        var step = parameters.OneOf("step", SeriesSteps.Codes);
        var region = parameters.Place("region") ?? Region.World;
        var filter = new CellFilter(
            (Problem?)parameters.OneOf("problem", ReportCodes.Problems), (Surface?)parameters.OneOf("surface", ReportCodes.Surfaces));
        if (!parameters.IsGood(out var complaint) || !ServiceLookup.TryFind(catalog, slug, out var service, out complaint))
            return complaint;

        var now = Minute.Of(clock.GetUtcNow());
        var until = Minute.Min(to ?? now + 1, now + 1);
        var query = new SeriesQuery(
            service, region, from ?? until - Minute.PerDay, until, step is { } s ? SeriesReader.Steps[s] : 0, filter);
        Check(parameters, ref query, to, now);
        if (!parameters.IsGood(out complaint))
            return complaint;

        // As it was asked, so that "the last day" is one answer however late it is: what it became is said in it.
        var asked = string.Create(CultureInfo.InvariantCulture, $"series/{service.Slug}/{region}/{from?.Number}/{to?.Number}/{step}/{filter.Problem}/{filter.Surface}/{isCsv}");
        var answer = await answers.KnownAsync(
            asked, async () => (isCsv ? s_csv : s_json).Of(await reader.ReadAsync(query, context.RequestAborted)), context);
        if (isCsv)
        {
            context.Response.Headers.ContentDisposition =
                $"attachment; filename=\"{notice.FileMark}{service.Slug}-{region}-{SeriesSteps.Code(query.StepMinutes)}.csv\"";
        }
        return answer!;
    }

    // Fills in the step where none was asked for, and says what is wrong with the stretch.
    private static void Check(QueryReader parameters, ref SeriesQuery query, Minute? to, Minute now)
    {
        if (query.From > now)
            parameters.Errors.Add("from", $"Lies ahead of the server's clock, which shows {Times.Text(now.Start)}.");
        else if (query.From >= query.To)
            parameters.Errors.Add(to is null ? "from" : "to", "'to' must be later than 'from'; the stretch is [from, to).");
        else if (SeriesReader.SmallestStep(query, now) is not { } smallest)
            parameters.Errors.Add("from", string.Create(CultureInfo.InvariantCulture, $"At most {SeriesReader.MaxPoints} points fit one answer, and even with step=1d there are more: ask for less at once."));
        else if (query.StepMinutes == 0)
            query = query with { StepMinutes = smallest };
        else if (SeriesReader.PointsOf(query, now) is > SeriesReader.MaxPoints and var points)
            parameters.Errors.Add("step", string.Create(CultureInfo.InvariantCulture, $"That would be {points} points; at most {SeriesReader.MaxPoints} fit one answer. The smallest step that fits is {SeriesSteps.Code(smallest)}."));
    }

    // JSON unless CSV is asked for by name and nothing that is JSON comes before it.
    private static bool PrefersCsv(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
            return false;
        double csv = 0, json = 0;
        foreach (var type in accepted)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase))
                csv = Math.Max(csv, quality);
            else if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
                json = Math.Max(json, quality);
        }
        return csv > json;
    }
}
