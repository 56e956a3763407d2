using Microsoft.AspNetCore.WebUtilities;

namespace OutageAggregator.Web.Features.Zones;

/// <param name="Path">The page that is to be shown.</param>
/// <param name="Fields">What else its address says, but for the zone.</param>
public sealed record ZonesModel(string Path, ImmutableArray<(string Name, string Value)> Fields, DateTimeOffset Now);

/// <summary>
/// Where a visitor chooses the zone of a page: a plain form that leads back to it. It stands on a page of its own, because the names of all
/// zones would make every page an eighth heavier, each time that it is looked at anew.
/// </summary>
public static class ZonePages
{
    private const int MaxLength = 512;

    public static void MapZones(this IEndpointRouteBuilder app) =>
        app.MapMethods("/zones", ReadRoutes.Methods, (string? to, PageAnswers pages, TimeProvider clock) =>
        {
            // Within this site, or the first page: no address of ours leads anywhere else.
            var isOurs = to is ['/', ..] and not ['/', '/' or '\\', ..] && to.Length <= MaxLength && PlainText.Fault(to) is null;
            var address = isOurs ? to! : "/";
            var mark = address.IndexOf('?', StringComparison.Ordinal);
            var path = mark < 0 ? address : address[..mark];
            var fields = QueryHelpers.ParseQuery(mark < 0 ? "" : address[mark..]).Where(f => f.Key != PageZone.Parameter)
                .SelectMany(f => f.Value.Select(value => (f.Key, value ?? "")));
            return pages.OnceAsync<ZonesPage>(new ZonesModel(path, [.. fields], clock.GetUtcNow()), address: address);
        }).ExcludeFromDescription();
}
