namespace OutageAggregator.Web.Features.Services;

/// <summary><c>GET /api/v1/services</c>: the list, by name or by match. <c>GET /api/v1/services/{slug}</c>: one of them.</summary>
internal static class ServiceEndpoints
{
    private static readonly Parameter<string> s_query = Parameter.Text(
        "query",
        "What a person types: a name, an alias, an address or a question such as \"is chatgpt down?\"; typos are forgiven. Best match first; "
        + "without it, services come by name.",
        example: "chatgtp");
    private static readonly Parameter<int> s_status = Parameter.Code("status", Codes.Statuses);
    private static readonly Parameter<string> s_category = Parameter.Text("category", "Code of a category.", example: "ai");
    private static readonly Parameter<int> s_limit = Parameter.Number("limit", 1, 200, 50);
    private static readonly RenderMemo<ServiceList> s_lists = new(Render);
    private static readonly RenderMemo<ServiceDetails> s_details = new(d => Rendered.Json(ServiceAnswer.Of(d)));

    internal static void MapServices(this IEndpointRouteBuilder app)
    {
        _ = app.MapMethods("/api/v1/services", ReadRoutes.Methods, ListAsync)
            .Describe("listServices", Tags.Reading, "All services, or those that match")
            .Takes(s_query, s_status, s_category, Cursor.Parameter, s_limit)
            .AnswersFresh(typeof(ServiceListAnswer))
            .RefusesAsUsual();
        _ = app.MapMethods("/api/v1/services/{slug}", ReadRoutes.Methods, ReadAsync)
            .Describe("getService", Tags.Reading, "One service, now")
            .Takes(ServiceLookup.Slug)
            .AnswersFresh(typeof(ServiceAnswer))
            .RefusesAsUsual(ProblemTypes.UnknownService);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, Catalog catalog, ServiceReader reader, FreshAnswers answers)
    {
        var query = new QueryReader(context);
        var search = query.Read(s_query);
        var status = query.Read(s_status);
        var categories = catalog.Categories;
        var category = query.Read(s_category, [.. categories.Select(c => c.Code)]);
        var limit = query.Number(s_limit);
        var asked = new ServiceQuery(
            string.IsNullOrWhiteSpace(search) ? null : search, (ServiceStatus?)status, category is { } c ? categories[c].Code : null,
            Limit: limit);
        asked = asked with { After = query.Place(Filters(asked), text => SlugOf(catalog, text)) };
        if (!query.IsGood(out var complaint))
            return complaint;

        var list = await reader.ListAsync(asked, context.RequestAborted);
        return await answers.OfAsync(context, s_lists.Of(list), list.LookedAt);
    }

    private static ServiceSlug? SlugOf(Catalog catalog, string text) =>
        ServiceSlug.TryParse(text, out var slug) && catalog.Find(slug) is not null ? slug : null;

    private static Rendered Render(ServiceList list)
    {
        var next = list.HasMore ? Cursor.Make(Filters(list.Query), list.Items[^1].Service.Slug.ToString()) : null;
        return Rendered.Json(new ServiceListAnswer([.. list.Items.Select(ListedItem.Of)], next));
    }

    // The status by its number, as a code of it never stands in a search.
    private static string Filters(ServiceQuery query) => $"{query.Category}/{(int?)query.Status}/{query.Search}";

    private static async Task<IResult> ReadAsync(
        string slug, HttpContext context, Catalog catalog, ServiceReader reader, FreshAnswers answers)
    {
        if (!new QueryReader(context).IsGood(out var complaint) || !ServiceLookup.TryFind(catalog, slug, out var service, out complaint))
            return complaint;
        var details = await reader.ReadAsync(service, context.RequestAborted);
        return await answers.OfAsync(context, s_details.Of(details), details.LookedAt);
    }
}
