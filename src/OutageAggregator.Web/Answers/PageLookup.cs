using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Answers;

/// <summary>Which service an address of a page names, and what to say where it names none.</summary>
internal static class PageLookup
{
    private const int NearMatches = 5;

    /// <summary>By slug, or by any name that names one service exactly: people type addresses, too.</summary>
    internal static Service? Find(Catalog catalog, string slug) =>
        (ServiceSlug.TryParse(slug, out var parsed) ? catalog.Find(parsed) : null) ?? catalog.Resolve(slug);

    internal static IResult Unknown(Catalog catalog, string slug) =>
        new ProblemAnswer(ProblemTypes.UnknownService, "The address may be misspelt, or the service goes by another name here.")
        {
            Suggestions = catalog.Search(slug, NearMatches),
        };
}
