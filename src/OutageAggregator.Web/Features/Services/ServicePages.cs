using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Charts;
using OutageAggregator.Web.Charts.Data;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Features.Services;

/// <summary>What reports name: of the last 15 minutes while many come in, of the last day while few do.</summary>
/// <param name="IsOfDay">True of the last 24 hours, false of the last 15 minutes.</param>
/// <param name="Problems">Of the region looked at.</param>
/// <param name="Surfaces">Of the region looked at.</param>
/// <param name="Regions">All of them, whichever is looked at.</param>
public sealed record Facets(
    bool IsOfDay, ImmutableArray<Share<Problem>> Problems, ImmutableArray<Share<Surface>> Surfaces, ImmutableArray<Share<Region>> Regions);

/// <summary>Who says what in the last 15 minutes, in the region looked at.</summary>
/// <param name="Back15m">"Back for me".</param>
/// <param name="StillBrokenShare">down / (down + back), 0 to 1; null where nobody said either.</param>
public readonly record struct Voices(int Back15m, double? StillBrokenShare);

/// <summary>What a service's page shows.</summary>
/// <param name="Service">The service or family.</param>
/// <param name="Region">The region looked at: the world, unless the address names one.</param>
/// <param name="Details">Its numbers, all regions together.</param>
/// <param name="Voices">Down against back.</param>
/// <param name="Situation">The answer to "is it just me?".</param>
/// <param name="Chart">The last 24 hours.</param>
/// <param name="Facets">Problems, surfaces, regions.</param>
/// <param name="Incidents">The newest ones, the latest first.</param>
/// <param name="Category">Its category.</param>
/// <param name="Family">The family it belongs to, or null.</param>
/// <param name="Members">For a family: its products.</param>
public sealed record ServicePageModel(
    Service Service,
    Region Region,
    ServiceDetails Details,
    Voices Voices,
    Situation Situation,
    ChartData Chart,
    Facets Facets,
    ImmutableArray<IncidentView> Incidents,
    Category Category,
    Service? Family,
    ImmutableArray<ServiceSummary> Members) : IDatedModel
{
    DateTimeOffset IDatedModel.LookedAt => Details.LookedAt;
}

/// <summary>The page of a service: is it just me, the button, the last day, what people see and where.</summary>
public static class ServicePages
{
    public static void MapServicePages(this IEndpointRouteBuilder app) =>
        app.MapRead("/services/{slug}", ShowAsync).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(
        string slug, string? region, HttpContext context, PageAnswers pages, ServicePageReader reader, Catalog catalog)
    {
        if (PageLookup.Find(catalog, slug) is not { } service)
            return PageLookup.Unknown(catalog, slug);
        if (service.Slug.ToString() != slug)
            return Results.Redirect($"/services/{service.Slug}");
        if (!Region.TryParse(string.IsNullOrEmpty(region) ? "world" : region, out var chosen))
            return Results.Redirect($"/services/{service.Slug}");
        return await pages.SharedAsync<ServicePage>(
            context, $"/services/{service.Slug}?{chosen}", async () => await reader.ReadAsync(service, chosen, CancellationToken.None));
    }
}
