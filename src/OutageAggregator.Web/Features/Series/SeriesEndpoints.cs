namespace OutageAggregator.Web.Features.Series;

/// <summary>
/// <c>GET /api/v1/services/{slug}/series</c>, and <c>.csv</c>: the points of a chart. Left out, <c>to</c> is now, <c>from</c> a day before
/// it, and <c>step</c> the smallest whose points fit. A <c>to</c> ahead of the server's clock is read as now, for callers whose clock is
/// fast; a <c>from</c> ahead of it is an error.
/// </summary>
internal static class SeriesEndpoints
{
    private static readonly Parameter<DateTimeOffset> s_from = Parameter.Time(
        "from", "First instant; widened to a whole step. A day before `to` where left out; must not be ahead of the server's clock.",
        example: "2024-11-09T00:00:00Z");
    private static readonly Parameter<DateTimeOffset> s_to = Parameter.Time(
        "to", "End, not included; widened to a whole step, and read as now where it is later. Now where left out.",
        example: "2024-11-09T01:00:00Z");
    private static readonly Parameter<int> s_step =
        Parameter.Code("step", SeriesSteps.Codes, "Length of a point. The smallest that fits where left out.");
    private static readonly Parameter<Region> s_region = Parameter.Region("region", example: "IT");
    private static readonly Parameter<int> s_problem = Parameter.Code(
        "problem", ReportCodes.Problems, "Count only reports of this problem.");
    private static readonly Parameter<int> s_surface = Parameter.Code(
        "surface", ReportCodes.Surfaces, "Count only reports of this surface.");
    private static readonly Parameter[] s_parameters = [ServiceLookup.Slug, s_from, s_to, s_step, s_region, s_problem, s_surface];
    private static readonly RenderMemo<Runtime.Reading.Series> s_json = new(s => Rendered.Json(SeriesAnswer.Of(s)));
    private static readonly RenderMemo<Runtime.Reading.Series> s_csv = new(s => new Rendered(SeriesCsv.Of(s), "text/csv; charset=utf-8"));

    internal static void MapSeries(this IEndpointRouteBuilder app)
    {
        _ = app.MapMethods("/api/v1/services/{slug}/series", ReadRoutes.Methods, ReadAsync)
            .Describe(
                "getSeries", Tags.Reading, "The points of a chart",
                "At most 2,000 points; more is 400 and names the smallest step that fits. `Accept: text/csv` gives what `series.csv` "
                + "gives.")
            .Takes(s_parameters)
            .AnswersFresh(typeof(SeriesAnswer))
            .RefusesAsUsual(ProblemTypes.UnknownService);
        _ = app.MapMethods("/api/v1/services/{slug}/series.csv", ReadRoutes.Methods, ReadAsync)
            .Describe(
                "getSeriesCsv", Tags.Reading, "The points of a chart as CSV", "The same rows and columns as the points of the series.")
            .Takes(s_parameters)
            .AnswersFresh(typeof(string), "text/csv", "RFC 4180, with a header line.")
            .RefusesAsUsual(ProblemTypes.UnknownService);
    }

    private static async Task<IResult> ReadAsync(
        string slug, HttpContext context, Catalog catalog, SeriesReader reader, FreshAnswers answers, ServerNotice notice,
        TimeProvider clock)
    {
        var isCsv = context.Request.Path.Value!.TrimEnd('/').EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        if (!isCsv)
        {
            context.Response.Headers.Vary = HeaderNames.Accept;
            isCsv = PrefersCsv(context.Request);
        }
        var parameters = new QueryReader(context);
        var from = parameters.Start(s_from);
        var to = parameters.End(s_to);
        var step = parameters.Read(s_step);
        var region = parameters.Read(s_region) ?? Region.World;
        var filter = new CellFilter((Problem?)parameters.Read(s_problem), (Surface?)parameters.Read(s_surface));
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
        var asked = $"series/{service.Slug}/{region}/{from?.Number}/{to?.Number}/{step}/{filter.Problem}/{filter.Surface}/{isCsv}";
        if (isCsv)
            context.Response.Headers.ContentDisposition =
                $"attachment; filename=\"{notice.FileMark}{service.Slug}-{region}-{SeriesSteps.Code(query.StepMinutes)}.csv\"";
        var form = isCsv ? s_csv : s_json;
        return (await answers.KnownAsync(context, asked, async () => form.Of(await reader.ReadAsync(query, context.RequestAborted))))!;
    }

    // Fills in the step where none was asked for, and says what is wrong with the stretch.
    private static void Check(QueryReader parameters, ref SeriesQuery query, Minute? to, Minute now)
    {
        if (query.From > now)
            parameters.Errors.Add("from", $"Lies ahead of the server's clock, which shows {Times.Text(now.Start)}.");
        else if (query.From >= query.To)
            parameters.Errors.Add(to is null ? "from" : "to", "'to' must be later than 'from'; the stretch is [from, to).");
        else if (SeriesReader.SmallestStep(query, now) is not { } smallest)
            parameters.Errors.Add("from",
                $"At most {SeriesReader.MaxPoints} points fit one answer, and even with step=1d there are more: ask for less at once.");
        else if (query.StepMinutes == 0)
            query = query with { StepMinutes = smallest };
        else if (SeriesReader.PointsOf(query, now) is > SeriesReader.MaxPoints and var points)
            parameters.Errors.Add("step", $"That would be {points} points; at most "
                + $"{SeriesReader.MaxPoints} fit one answer. The smallest step that fits is {SeriesSteps.Code(smallest)}.");
    }

    // JSON unless CSV is asked for by name and nothing that is JSON comes before it.
    private static bool PrefersCsv(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
            return false;
        double Quality(string of) =>
            accepted.Where(a => a.MediaType.Equals(of, StringComparison.OrdinalIgnoreCase)).Max(a => a.Quality ?? (double?)1) ?? 0;
        return Quality("text/csv") > Quality(MediaType.Json);
    }
}
