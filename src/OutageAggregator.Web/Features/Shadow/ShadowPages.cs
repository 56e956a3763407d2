using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Features.Shadow;

/// <summary>What the page shows.</summary>
/// <param name="Settings">Which detectors are live, and which is the candidate.</param>
/// <param name="View">The comparison; null where no candidate runs, or it has only just been named.</param>
/// <param name="Rows">The newest outages of the comparison, with the names of their services.</param>
public sealed record ShadowModel(WatchSettings Settings, ShadowView? View, ImmutableArray<(string Name, ComparedOutage Outage)> Rows);

/// <summary>A candidate detector beside the live one, as a page.</summary>
public static class ShadowPages
{
    /// <summary>The most outages shown or answered.</summary>
    internal const int Most = 100;

    public static void MapShadowPage(this IEndpointRouteBuilder app) =>
        app.MapRead("/shadow", (HttpContext context, PageAnswers pages, ShadowReader reader, WatchSettings settings, Catalog catalog) =>
            pages.SharedAsync<ShadowPage>(context, "/shadow", async () =>
            {
                var view = await reader.ReadAsync(CancellationToken.None);
                return new ShadowModel(
                    settings, view, [.. (view?.Comparison.Outages ?? []).Take(Most).Select(o => (catalog.Find(o.Service)?.Name ?? o.Service.ToString(), o))]);
            })).ExcludeFromDescription();

    /// <summary>The rules that opened the incidents of an outage.</summary>
    internal static IEnumerable<string> RulesOf(FoundOutage found) => found.Incidents.Select(i => i.Evidence.Rule).Distinct(StringComparer.Ordinal);
}
