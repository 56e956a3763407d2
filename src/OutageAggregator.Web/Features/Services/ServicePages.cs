namespace OutageAggregator.Web.Features.Services;

/// <summary>What reports name: of the last 15 minutes while many come in, of the last day while few do.</summary>
/// <param name="IsOfDay">True of the last 24 hours, false of the last 15 minutes.</param>
/// <param name="Regions">All of them, whichever is looked at.</param>
public sealed record Facets(
    bool IsOfDay, ImmutableArray<Share<Problem>> Problems, ImmutableArray<Share<Surface>> Surfaces, ImmutableArray<Share<Region>> Regions);

/// <summary>Who says what in the last 15 minutes, in the region looked at.</summary>
/// <param name="StillBrokenShare">down / (down + back), 0 to 1; null where nobody said either.</param>
public readonly record struct Voices(int Back15m, double? StillBrokenShare);

public sealed record ServicePageModel(
    Service Service, Region Region, ServiceDetails Details, Voices Voices, Situation Situation, ChartData Chart, Facets Facets,
    ImmutableArray<IncidentView> Incidents, Category Category, Service? Family, ImmutableArray<ServiceSummary> Members) : IDated
{
    DateTimeOffset IDated.LookedAt => Details.LookedAt;
}

/// <summary>The page of a service: is it just me, the button, the last day, what people see and where.</summary>
public static class ServicePages
{
    public static void MapServicePages(this IEndpointRouteBuilder app) =>
        app.MapRead("/services/{slug}", ShowAsync).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(
        string slug, string? region, HttpContext context, PageAnswers pages, ServicePageReader reader, Catalog catalog)
    {
        if (ServiceLookup.Find(catalog, slug) is not { } service)
            return ServiceLookup.UnknownPage(catalog, slug);
        if (!Region.TryParse(string.IsNullOrEmpty(region) ? "world" : region, out var chosen) || service.Slug.ToString() != slug)
            return Results.Redirect($"/services/{service.Slug}");
        return await pages.SharedAsync<ServicePage>(
            context, $"/services/{service.Slug}?{chosen}", async () => await reader.ReadAsync(service, chosen, CancellationToken.None));
    }
}
