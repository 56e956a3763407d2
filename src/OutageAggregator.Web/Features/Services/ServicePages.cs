namespace OutageAggregator.Web.Features.Services;

/// <summary>What reports name: of the last 15 minutes while many come in, of the last day while few do.</summary>
/// <param name="IsOfDay">True of the last 24 hours, false of the last 15 minutes.</param>
/// <param name="Regions">All of them, whichever is looked at.</param>
public sealed record Facets(
    bool IsOfDay, ImmutableArray<Share<Problem>> Problems, ImmutableArray<Share<Surface>> Surfaces, ImmutableArray<Share<Region>> Regions);

/// <summary>Who says what in the last 15 minutes, in the region looked at.</summary>
/// <param name="StillBrokenShare">down / (down + back), 0 to 1; null where nobody said either.</param>
public readonly record struct Voices(int Back15m, double? StillBrokenShare);

/// <param name="Tiles">The regions beside each other; empty where they are not worth it.</param>
public sealed record ServicePageModel(
    Service Service, ChartChoice Choice, ServiceDetails Details, Voices Voices, Situation Situation, ChartData Chart, Facets Facets,
    ImmutableArray<RegionPulse> Tiles, ImmutableArray<IncidentView> Incidents, Category Category, Service? Family) : IDated
{
    public Region Region => Choice.Region;
    DateTimeOffset IDated.LookedAt => Details.LookedAt;
}

/// <summary>The page of a service: is it just me, the button, the last day, what people see and where.</summary>
public static class ServicePages
{
    public static void MapServicePages(this IEndpointRouteBuilder app) =>
        app.MapMethods("/services/{slug}", ReadRoutes.Methods, ShowAsync).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(
        string slug, string? region, string? range, string? problem, HttpContext context, PageAnswers pages, ServicePageReader reader, Catalog catalog)
    {
        if (ServiceLookup.Find(catalog, slug) is not { } service)
            return ServiceLookup.UnknownPage(catalog, slug);
        if (!RegionLookup.TryFindPage(region, out var chosen, out var complaint))
            return complaint;
        var choice = ChartChoice.Of(chosen, range, problem);
        var address = choice.Address(service);
        // One address a page; what else the address says stays in it.
        var named = chosen == Region.World ? null : chosen.ToString();
        if (service.Slug.ToString() != slug || (string.IsNullOrEmpty(region) ? null : region) != named)
        {
            var rest = context.Request.Query.Where(q => !choice.IsOfIt(q.Key));
            var query = rest.Concat(choice.Said.Select(s => KeyValuePair.Create(s.Key, new StringValues(s.Value))));
            return Results.Redirect($"/services/{service.Slug}{QueryString.Create(query)}");
        }
        return await pages.SharedAsync<ServicePage>(
            // What was not understood is one page, however it was written.
            context, $"{address}#{(choice.IsRangeUnknown ? "range" : "")}{(choice.IsProblemUnknown ? "problem" : "")}", address,
            async () => await reader.ReadAsync(service, choice, CancellationToken.None),
            // While the store is away, a region's day and the months of the world are remembered, and not all that there is of each.
            isKept: choice.Problem is null && (choice.Range.IsDay || choice.Region == Region.World));
    }
}

/// <summary>Reads what a service's page shows.</summary>
internal sealed class ServicePageReader(
    Catalog catalog, ServiceReader services, SituationReader situations, SeriesReader series, RegionReader beside,
    IncidentReader incidents, ICountStore counts, TimeProvider clock)
{
    // From so many regions on it is worth to see them beside each other, whatever the status is.
    private const int EnoughRegions = 3;
    private const int MostIncidents = 6;
    private const int Quarter = 15;

    // Fewer reports than this in 15 minutes say little about problems and regions: the last day says more.
    private const int EnoughForFacets = 20;

    internal async Task<ServicePageModel> ReadAsync(Service service, ChartChoice choice, CancellationToken cancellation)
    {
        var (region, range, _) = choice;
        var now = Minute.Of(clock.GetUtcNow());
        var details = await services.ReadAsync(service, cancellation);
        var read = await series.ReadAsync(
            new SeriesQuery(service, region, now - range.Minutes, now + 1, range.StepMinutes, new CellFilter(choice.Problem, null)), cancellation);
        var isWorld = region == Region.World;
        var (reports, voices) = isWorld
            ? (details.Summary.Pulse.Reports15m, new Voices(details.Back15m, details.StillBrokenShare))
            : await ToldAsync(service.Slug, region, now, cancellation);
        var facets = isWorld && reports >= EnoughForFacets
            ? new Facets(IsOfDay: false, details.Problems, details.Surfaces, details.Regions)
            : await FacetsAsync(service.Slug, region, reports < EnoughForFacets, now, cancellation);
        return new ServicePageModel(
            service, choice, details, voices, await situations.ReadAsync(service, region, cancellation),
            SeriesChart.Of("day", read, now, read.Query.To, SeriesChart.BandsOf(read.Incidents)), facets, await TilesAsync(service, details, cancellation),
            await incidents.FindAsync(IncidentQuery.About(service) with { Limit = MostIncidents }, cancellation),
            catalog.Categories.First(c => c.Code == service.Category), service.Family is { } family ? catalog.Find(family) : null);
    }

    private async Task<ImmutableArray<RegionPulse>> TilesAsync(Service service, ServiceDetails details, CancellationToken cancellation)
    {
        var tiles = await beside.ReadAsync(service, cancellation);
        return details.Summary.Status == ServiceStatus.Outage || tiles.Count(t => t.Pulse.Reports15m > 0) >= EnoughRegions ? tiles : [];
    }

    // The page of a region mixes nothing of the world into it, except the list of regions, which leads to the others.
    private async Task<Facets> FacetsAsync(ServiceSlug slug, Region region, bool isOfDay, Minute now, CancellationToken cancellation)
    {
        var (from, to) = (now + 1 - (isOfDay ? Minute.PerDay : Quarter), now + 1);
        var cells = await counts.ReadFacetsAsync(new WatchKey(slug, region), from, to, cancellation);
        var regions = await counts.ReadRegionsAsync(slug, from, to, cancellation);
        return new Facets(isOfDay, Shares.OfProblems(cells), Shares.OfSurfaces(cells), Shares.OfRegions(regions));
    }

    private async Task<(int Reports, Voices Voices)> ToldAsync(
        ServiceSlug slug, Region region, Minute now, CancellationToken cancellation)
    {
        var regions = await counts.ReadRegionsAsync(slug, now + 1 - Quarter, now + 1, cancellation);
        var told = regions.Where(r => r.Region == region).Aggregate(default(MinuteCounts), (sum, r) => sum + r.Counts);
        var said = told.Reports + told.Back;
        return (told.Reports, new Voices(told.Back, said == 0 ? null : (double)told.Reports / said));
    }
}
