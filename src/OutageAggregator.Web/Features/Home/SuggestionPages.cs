namespace OutageAggregator.Web.Features.Home;

/// <param name="Hits">What a text that is being typed may become.</param>
public sealed record SuggestionModel(ImmutableArray<SearchHit> Hits, Catalog Catalog)
{
    internal string CategoryOf(Service service) => Catalog.Categories.First(c => c.Code == service.Category).Name;
}

/// <summary>What the search form suggests while somebody types: a piece of a page, from the catalog alone, so it needs no store.</summary>
public static class SuggestionPages
{
    private const int MaxQueryLength = 200;
    private const int MostSuggested = 8;

    public static void MapSuggestions(this IEndpointRouteBuilder app) =>
        app.MapMethods("/suggestions", ReadRoutes.Methods, ShowAsync).ExcludeFromDescription();

    private static Task<IResult> ShowAsync(string? query, HttpContext context, PageAnswers pages, Catalog catalog)
    {
        var typed = (query ?? "").Trim();
        if (typed.Length > MaxQueryLength)
            typed = typed[..MaxQueryLength];
        return pages.SharedAsync<Suggestions>(
            context, $"/suggestions?{typed}", "/suggestions",
            () => Task.FromResult<object>(new SuggestionModel([.. catalog.Find(typed, MostSuggested)], catalog)), isKept: false, isNamed: false);
    }
}
