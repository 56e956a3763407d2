namespace OutageAggregator.Web.Features.Services;

/// <summary>Reads what a service's page shows.</summary>
internal sealed class ServicePageReader(
    Catalog catalog, ServiceReader services, SituationReader situations, SeriesReader series, IncidentReader incidents,
    ICountStore counts, TimeProvider clock)
{
    private const int ChartStep = 5;
    private const int MostIncidents = 6;
    private const int Quarter = 15;

    // Fewer reports than this in 15 minutes say little about problems and regions: the last day says more.
    private const int EnoughForFacets = 20;

    internal async Task<ServicePageModel> ReadAsync(Service service, Region region, CancellationToken cancellation)
    {
        var now = Minute.Of(clock.GetUtcNow());
        var details = await services.ReadAsync(service, cancellation);
        var read = await series.ReadAsync(new SeriesQuery(service, region, now - Minute.PerDay, now + 1, ChartStep), cancellation);
        var (facets, voices) = region == Region.World
            ? (await FacetsAsync(details, now, cancellation), new Voices(details.Back15m, details.StillBrokenShare))
            : await InRegionAsync(service.Slug, region, now, cancellation);
        return new ServicePageModel(
            service, region, details, voices, await situations.ReadAsync(service, region, cancellation),
            SeriesChart.Of("day", read, now, read.Query.To, SeriesChart.BandsOf(read.Incidents)), facets,
            await incidents.FindAsync(new IncidentQuery(service.Slug, Limit: MostIncidents), cancellation),
            catalog.Categories.First(c => c.Code == service.Category), service.Family is { } family ? catalog.Find(family) : null,
            await MembersAsync(service, cancellation));
    }

    private async Task<Facets> FacetsAsync(ServiceDetails details, Minute now, CancellationToken cancellation)
    {
        if (details.Summary.Pulse.Reports15m >= EnoughForFacets)
            return new Facets(IsOfDay: false, details.Problems, details.Surfaces, details.Regions);
        return await FacetsAsync(details.Summary.Service.Slug, Region.World, isOfDay: true, now, cancellation);
    }

    private async Task<Facets> FacetsAsync(ServiceSlug slug, Region region, bool isOfDay, Minute now, CancellationToken cancellation)
    {
        var (from, to) = (now + 1 - (isOfDay ? Minute.PerDay : Quarter), now + 1);
        var cells = await counts.ReadFacetsAsync(new WatchKey(slug, region), from, to, cancellation);
        var regions = await counts.ReadRegionsAsync(slug, from, to, cancellation);
        return new Facets(isOfDay, Shares.OfProblems(cells), Shares.OfSurfaces(cells), Shares.OfRegions(regions));
    }

    // The page of a region mixes nothing of the world into it, except the list of regions, which leads to the others.
    private async Task<(Facets Facets, Voices Voices)> InRegionAsync(
        ServiceSlug slug, Region region, Minute now, CancellationToken cancellation)
    {
        var regions = await counts.ReadRegionsAsync(slug, now + 1 - Quarter, now + 1, cancellation);
        var told = regions.Where(r => r.Region == region).Aggregate(default(MinuteCounts), (sum, r) => sum + r.Counts);
        var said = told.Reports + told.Back;
        return (
            await FacetsAsync(slug, region, told.Reports < EnoughForFacets, now, cancellation),
            new Voices(told.Back, said == 0 ? null : (double)told.Reports / said));
    }

    private async Task<ImmutableArray<ServiceSummary>> MembersAsync(Service service, CancellationToken cancellation)
    {
        var members = ImmutableArray.CreateBuilder<ServiceSummary>();
        foreach (var slug in service.IsFamily ? service.Members : [])
        {
            if (catalog.Find(slug) is { } member)
                members.Add((await services.ReadAsync(member, cancellation)).Summary);
        }
        return members.ToImmutable();
    }
}
