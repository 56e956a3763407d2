namespace OutageAggregator.Web.Features.Shadow;

/// <param name="View">The comparison; null where no candidate runs, or it has only just been named.</param>
public sealed record ShadowModel(WatchSettings Settings, ShadowView? View, ImmutableArray<(string Name, ComparedOutage Outage)> Rows);

/// <summary>A candidate detector beside the live one, as a page.</summary>
public static class ShadowPages
{
    internal const int Most = 100;

    public static void MapShadowPage(this IEndpointRouteBuilder app) =>
        app.MapMethods("/shadow", ReadRoutes.Methods, (HttpContext context, PageAnswers pages, ShadowReader reader, WatchSettings settings, Catalog catalog) =>
            pages.SharedAsync<ShadowPage>(context, "/shadow", "/shadow", async () =>
            {
                var view = await reader.ReadAsync(CancellationToken.None);
                return new ShadowModel(
                    settings, view, [.. (view?.Comparison.Outages ?? []).Take(Most).Select(
                        o => (catalog.Find(o.Service)?.Name ?? o.Service.ToString(), o))]);
            })).ExcludeFromDescription();

    internal static IEnumerable<string> RulesOf(FoundOutage found) =>
        found.Incidents.Select(i => i.Evidence.Rule).Distinct(StringComparer.Ordinal);
}
