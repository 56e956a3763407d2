namespace OutageAggregator.Web.Features.Incidents;

/// <param name="Events">What the log says of it, the earliest first.</param>
/// <param name="Chart">An hour before its onset to an hour after its end.</param>
public sealed record IncidentPageModel(
    IncidentView View, ImmutableArray<IncidentEvent> Events, ChartData Chart, string Address, Minute Now, ServerNotice Notice);

public sealed record ArchiveModel(Service? Service, ImmutableArray<IncidentView> Incidents, string? Next, bool IsFirst);

/// <summary>One incident, and all that were.</summary>
public static class IncidentPages
{
    private const int Around = 60;
    private const int PerPage = 50;

    // The chart of an incident takes the finest step that keeps its bars apart.
    private const int MostSteps = 720;

    public static void MapIncidentPages(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/incidents/{id}", ReadRoutes.Methods, ShowAsync).ExcludeFromDescription();
        app.MapMethods("/archive", ReadRoutes.Methods, ListAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ShowAsync(
        string id, HttpContext context, PageAnswers pages, IncidentReader incidents, SeriesReader series, ServerNotice notice,
        TimeProvider clock)
    {
        if (!IncidentAnswer.TryParseId(id, out var parsed))
            return Unknown();
        var address = $"{PublicAddress.Of(context)}/incidents/{parsed}";
        return await pages.FoundAsync<IncidentPage>(context, address, $"/incidents/{parsed}", async () =>
        {
            if (await incidents.ReadAsync(parsed, CancellationToken.None) is not { } view)
                return null;
            var events = await incidents.EventsAsync(parsed, CancellationToken.None);
            var now = Minute.Of(clock.GetUtcNow());
            return new IncidentPageModel(view, [.. events.Select(e => e.Event)], await ChartAsync(view, series, now), address, now, notice);
        }) ?? Unknown();
    }

    private static ProblemAnswer Unknown() => new(ProblemTypes.NotFound, Languages.English.UnknownIncident);

    private static async Task<ChartData> ChartAsync(IncidentView view, SeriesReader series, Minute now)
    {
        var from = view.Incident.StartedAt - Around;
        var to = (view.Incident.EndedAt ?? now) + Around;
        var step = SeriesReader.Steps.FirstOrDefault(s => (to - from) / s <= MostSteps, SeriesReader.Steps[^1]);
        // It ends an hour after the incident's end, or now where that is earlier.
        var read = await series.ReadAsync(new SeriesQuery(view.Service, Region.World, from, to, step), CancellationToken.None);
        return SeriesChart.Of("incident", read, now, read.Query.To, SeriesChart.BandsOf(view.Incident));
    }

    private static async Task<IResult> ListAsync(
        string? service, string? after, HttpContext context, PageAnswers pages, Catalog catalog, IncidentReader incidents)
    {
        Service? chosen = null;
        if (!string.IsNullOrEmpty(service) && (chosen = ServiceLookup.Find(catalog, service)) is null)
            return ServiceLookup.UnknownPage(catalog, service);
        // Anything else is the first page.
        var place = IncidentEndpoints.Place(after, '.');
        return await pages.SharedAsync<ArchivePage>(
            context, $"/archive?{chosen?.Slug}&{place}", AddressOf(chosen, place), async () => await ReadAsync(chosen, place, incidents),
            isKept: place is null, isNamed: place is null);
    }

    private static async Task<ArchiveModel> ReadAsync(Service? service, IncidentPlace? after, IncidentReader incidents)
    {
        var found = await incidents.FindAsync(IncidentQuery.About(service) with { After = after, Limit = PerPage + 1 }, CancellationToken.None);
        var shown = found.Take(PerPage).ToImmutableArray();
        var next = found.Length > PerPage
            ? AddressOf(service, new IncidentPlace(shown[^1].Incident.StartedAt, shown[^1].Incident.Id))
            : null;
        return new ArchiveModel(service, shown, next, after is null);
    }

    private static string AddressOf(Service? service, IncidentPlace? after) => (service, after) switch
    {
        (null, null) => "/archive",
        (_, null) => $"/archive?service={service.Slug}",
        (null, { } place) => $"/archive?after={place.StartedAt.Number}.{place.Id}",
        (_, { } place) => $"/archive?after={place.StartedAt.Number}.{place.Id}&service={service.Slug}",
    };
}
