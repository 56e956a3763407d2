namespace OutageAggregator.Web.Features.Reviews;

internal static class ReviewEndpoints
{
    private const string PageAddress = "/methodology/track-record";
    private static readonly RenderMemo<TrackRecords> s_rendered =
        new(records => Rendered.Json(TrackRecordAnswer.Of(records)));

    internal static void MapReviews(this IEndpointRouteBuilder app)
    {
        var put = app.ServiceProvider.GetRequiredService<PutReview>();
        app.MapKeyed(HttpMethods.Put, "/api/v1/incidents/{id}/review", Scopes.Admin, put.HandleAsync)
            .Describe(
                "reviewIncident", Tags.Operating, "Say what an incident was",
                "The verdict and the reason are public: they are shown with the incident; the name of the key is not. The same review "
                + "again adds nothing; another one takes its place. Reviews add up to the track record.")
            .Takes(IncidentAnswer.IdInPath)
            .TakesBody(typeof(ReviewInput), MediaType.Json)
            .Answers(200, "Stored: the incident with its review.", typeof(IncidentAnswer))
            .WithFreshness()
            .RefusesAsUsual(
                ProblemTypes.MalformedBody, ProblemTypes.NotFound, ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType);
        app.MapMethods("/api/v1/track-record", ReadRoutes.Methods, ReadAsync)
            .Describe(
                "getTrackRecord", Tags.Reading, "How often the detector was right",
                "Counted from the incidents that ended and the newest review of each. A review counts at once, an incident within two "
                + "minutes of its end. Outages that were never detected are not in it.")
            .AnswersFresh(typeof(TrackRecordAnswer))
            .RefusesAsUsual();
        app.MapMethods(PageAddress, ReadRoutes.Methods, ShowAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadAsync(
        HttpContext context, TrackRecordReader reader, FreshAnswers answers) =>
        new QueryReader(context).IsGood(out var complaint)
            ? await answers.OfAsync(context, s_rendered.Of(await reader.ReadAsync(context.RequestAborted)))
            : complaint;

    private static Task<IResult> ShowAsync(HttpContext context, PageAnswers pages, TrackRecordReader reader) =>
        pages.SharedAsync<TrackRecordPage>(
            context, PageAddress, PageAddress, async () => await reader.ReadAsync(CancellationToken.None));
}
