namespace OutageAggregator.Web.Answers;

/// <summary>Finds the service that an address names, or says that there is none, and what comes near.</summary>
internal static class ServiceLookup
{
    private const int Suggestions = 5;

    internal static Parameter Slug { get; } = Parameter.InPath(
        "slug", "The service's stable name, in any case, or its name or an alias exactly. The answer names the slug.", example: "chatgpt");

    internal static bool TryFind(
        Catalog catalog, string? text, [NotNullWhen(true)] out Service? service, [NotNullWhen(false)] out ProblemAnswer? answer)
    {
        service = Find(catalog, text ?? "");
        answer = service is null ? Unknown(catalog, text ?? "") : null;
        return service is not null;
    }

    // The text is not repeated in the answer: it may be anything.
    private static ProblemAnswer Unknown(Catalog catalog, string text)
    {
        var near = catalog.Search(text, Suggestions);
        var detail = near.Count == 0
            ? "No service is called so; GET /api/v1/services lists them all."
            : $"No service is called so. Did you mean: {string.Join(", ", near.Select(s => s.Slug))}?";
        return new ProblemAnswer(ProblemTypes.UnknownService, detail) { Suggestions = near };
    }

    /// <summary>By slug, or by any name that names one service exactly, as people type addresses, too.</summary>
    internal static Service? Find(Catalog catalog, string slug) =>
        (ServiceSlug.TryParse(slug, out var parsed) ? catalog.Find(parsed) : null) ?? catalog.Resolve(slug);

    internal static IResult UnknownPage(Catalog catalog, string slug) =>
        new ProblemAnswer(ProblemTypes.UnknownService, "The address may be misspelt, or the service goes by another name here.")
        {
            Suggestions = catalog.Search(slug, Suggestions),
        };
}
