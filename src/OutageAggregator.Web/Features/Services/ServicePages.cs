using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Charts;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Features.Services;

/// <summary>What reports name: of the last 15 minutes while many come in, of the last day while few do.</summary>
/// <param name="Stretch">"in the last 15 minutes", "in the last 24 hours".</param>
public sealed record Facets(
    string Stretch, ImmutableArray<Share<Problem>> Problems, ImmutableArray<Share<Surface>> Surfaces, ImmutableArray<Share<Region>> Regions);

/// <summary>What a service's page shows.</summary>
/// <param name="Service">The service or family.</param>
/// <param name="Region">The region looked at: the world, unless the address names one.</param>
/// <param name="Details">Its numbers.</param>
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
    Situation Situation,
    ChartData Chart,
    Facets Facets,
    ImmutableArray<IncidentView> Incidents,
    Category Category,
    Service? Family,
    ImmutableArray<ServiceSummary> Members);

/// <summary>The page of a service: is it just me, the button, the last day, what people see and where.</summary>
public static class ServicePages
{
    private const int ChartStep = 5;
    private const int MostIncidents = 6;

    // Fewer reports than this in 15 minutes say little about problems and regions: the last day says more.
    private const int EnoughForFacets = 20;

    public static void MapServicePages(this IEndpointRouteBuilder app) =>
        app.MapGet("/services/{slug}", ShowAsync).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(
        string slug,
        string? region,
        Catalog catalog,
        ServiceReader services,
        SituationReader situations,
        SeriesReader series,
        IncidentReader incidents,
        ICountStore counts,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        if (PageLookup.Find(catalog, slug) is not { } service)
            return PageLookup.Unknown(catalog, slug);
        if (service.Slug.ToString() != slug)
            return Results.Redirect($"/services/{service.Slug}", permanent: true);
        if (!Region.TryParse(string.IsNullOrEmpty(region) ? "world" : region, out var chosen))
            return Results.Redirect($"/services/{service.Slug}");

        var now = Minute.Of(clock.GetUtcNow());
        var details = await services.ReadAsync(service, cancellation);
        var read = await series.ReadAsync(new SeriesQuery(service, chosen, now - Minute.PerDay, now + 1, ChartStep), cancellation);
        var place = chosen == Region.World ? "" : $" from {chosen.Name}";
        var model = new ServicePageModel(
            service,
            chosen,
            details,
            await situations.ReadAsync(service, chosen, cancellation),
            SeriesChart.Of("day", $"Reports about {service.Name}{place}, the last 24 hours", read, now, read.Query.To, SeriesChart.BandsOf(read.Incidents)),
            await FacetsAsync(details, counts, now, cancellation),
            await incidents.FindAsync(new IncidentQuery(service.Slug, Limit: MostIncidents), cancellation),
            catalog.Categories.First(c => c.Code == service.Category),
            service.Family is { } family ? catalog.Find(family) : null,
            await MembersAsync(service, services, catalog, cancellation));
        return new RazorComponentResult<ServicePage>(new { Model = model });
    }

    private static async Task<Facets> FacetsAsync(ServiceDetails details, ICountStore counts, Minute now, CancellationToken cancellation)
    {
        if (details.Summary.Pulse.Reports15m >= EnoughForFacets)
            return new Facets("in the last 15 minutes", details.Problems, details.Surfaces, details.Regions);
        var (from, to) = (now + 1 - Minute.PerDay, now + 1);
        var slug = details.Summary.Service.Slug;
        var cells = await counts.ReadFacetsAsync(new WatchKey(slug, Region.World), from, to, cancellation);
        var regions = await counts.ReadRegionsAsync(slug, from, to, cancellation);
        return new Facets("in the last 24 hours", Shares.OfProblems(cells), Shares.OfSurfaces(cells), Shares.OfRegions(regions));
    }

    private static async Task<ImmutableArray<ServiceSummary>> MembersAsync(
        Service service, ServiceReader services, Catalog catalog, CancellationToken cancellation)
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
