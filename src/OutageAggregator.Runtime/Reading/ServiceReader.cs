namespace OutageAggregator.Runtime.Reading;

/// <summary>A part of a whole: a problem, surface or region, and how many of the reports name it.</summary>
/// <param name="Of">What.</param>
/// <param name="Reports">Reports told in time that name it.</param>
/// <param name="Portion">The same as a part of all reports, 0 to 1.</param>
public readonly record struct Share<T>(T Of, int Reports, double Portion)
    where T : struct;

/// <summary>One line of the list of services.</summary>
/// <param name="Service">The service or family.</param>
/// <param name="Status">As of the newest event of the incident log; unknown where the data is stale.</param>
/// <param name="Since">When the status began: the estimated onset or end for incidents; null where nothing ever happened.</param>
/// <param name="Pulse">The last 15 minutes, all regions together.</param>
/// <param name="IncidentId">The open incident, if any.</param>
public sealed record ServiceSummary(Service Service, ServiceStatus Status, DateTimeOffset? Since, Pulse Pulse, IncidentId? IncidentId)
{
    /// <summary>How well it answers what was searched for; null where nothing was.</summary>
    public Closeness? Match { get; init; }
}

/// <summary>Which services to list; null means any.</summary>
/// <param name="Search">What a person typed, a question or an address: best match first. Without it, services come by name.</param>
/// <param name="Status">In this status.</param>
/// <param name="Category">Of this category (its code).</param>
/// <param name="After">Only what comes after this service in the order of the answer: the last one of the page before.</param>
/// <param name="Limit">At most so many.</param>
public sealed record ServiceQuery(
    string? Search = null, ServiceStatus? Status = null, string? Category = null, ServiceSlug? After = null, int Limit = 50);

/// <summary>A page of the list of services.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Items">The services.</param>
/// <param name="HasMore">True where more come after the last one.</param>
/// <param name="LookedAt">When the look at the store began that this is told from; long ago where the store is away.</param>
public sealed record ServiceList(ServiceQuery Query, ImmutableArray<ServiceSummary> Items, bool HasMore, DateTimeOffset LookedAt);

/// <summary>A service as its page shows it.</summary>
/// <param name="Summary">What the list says of it.</param>
/// <param name="Problems">Of the last 15 minutes, most reported first.</param>
/// <param name="Surfaces">Of the last 15 minutes, most reported first.</param>
/// <param name="Regions">Of the last 15 minutes, most reported first.</param>
/// <param name="Back15m">"Back for me" in the last 15 minutes.</param>
/// <param name="StillBrokenShare">down / (down + back) of the last 15 minutes, 0 to 1; null where nobody said either.</param>
/// <param name="Confidence">How far the usual can be trusted.</param>
/// <param name="LookedAt">When the look at the store began that this is told from; long ago where the store is away.</param>
public sealed record ServiceDetails(
    ServiceSummary Summary, ImmutableArray<Share<Problem>> Problems, ImmutableArray<Share<Surface>> Surfaces,
    ImmutableArray<Share<Region>> Regions, int Back15m, double? StillBrokenShare, Confidence Confidence, DateTimeOffset LookedAt);

/// <summary>Lists services and describes one, from the stores.</summary>
public sealed class ServiceReader(
    Catalog catalog, RecentReader recent, StatusBoard board, BaselineReader baselines, ConfidenceReader confidence,
    FreshnessReader freshness, TimeProvider clock)
{
    private readonly AnswerCache<ServiceQuery, ServiceList> _lists = new(clock, RecentReader.Lifetime, 256);
    private readonly AnswerCache<Service, ServiceDetails> _details = new(clock, RecentReader.Lifetime, 1_024);

    /// <summary>A page of services. One look at the counts serves all services of all pages within a second.</summary>
    public ValueTask<ServiceList> ListAsync(ServiceQuery query, CancellationToken cancellation) =>
        _lists.GetAsync(query, LookAtListAsync, cancellation);

    /// <summary>The services in outage, then those elevated, each most excess reports first.</summary>
    public async ValueTask<ImmutableArray<ServiceSummary>> InTroubleAsync(int limit, CancellationToken cancellation)
    {
        var counted = await recent.ReadAllAsync(cancellation);
        var now = await NowAsync(counted.LookedAt, cancellation);
        if (now.IsStale)
            return [];
        var troubled = new List<ServiceSummary>();
        foreach (var (slug, state) in now.Board.States)
        {
            if (state.Status is ServiceStatus.Outage or ServiceStatus.Elevated && catalog.Find(slug) is { } service)
                troubled.Add(await SummaryAsync(service, counted, now, cancellation));
        }
        return [.. troubled.OrderByDescending(s => s.Status)
            .ThenByDescending(s => s.Pulse.Reports15m - (s.Pulse.Expected15m ?? 0)).ThenBy(s => s.Service.Slug).Take(limit)];
    }

    /// <summary>One service.</summary>
    public ValueTask<ServiceDetails> ReadAsync(Service service, CancellationToken cancellation) =>
        _details.GetAsync(service, LookAtAsync, cancellation);

    private async Task<ServiceList> LookAtListAsync(ServiceQuery query)
    {
        var counted = await recent.ReadAllAsync(CancellationToken.None);
        var now = await NowAsync(counted.LookedAt, CancellationToken.None);
        var matching = query.Search is { } text
            ? catalog.Find(text, Catalog.MaxServices).Select(h => (h.Service, Match: (Closeness?)h.Closeness))
            : catalog.Services.Select(s => (Service: s, Match: (Closeness?)null));
        if (query.Category is { } category)
            matching = matching.Where(m => m.Service.Category == category);
        // The place of the cursor is looked for before statuses are: a service whose status changed still marks its place.
        if (query.After is { } after)
            matching = matching.SkipWhile(m => m.Service.Slug != after).Skip(1);
        if (query.Status is { } status)
            matching = matching.Where(m => StatusOf(m.Service.Slug, now) == status);
        var found = matching.Take(query.Limit + 1).ToList();
        var items = ImmutableArray.CreateBuilder<ServiceSummary>();
        foreach (var (service, match) in found.Take(query.Limit))
            items.Add(await SummaryAsync(service, counted, now, CancellationToken.None) with { Match = match });
        return new ServiceList(query, items.ToImmutable(), found.Count > query.Limit, counted.LookedAt);
    }

    private async Task<ServiceDetails> LookAtAsync(Service service)
    {
        var last = await recent.ReadAsync(service.Slug, CancellationToken.None);
        var now = await NowAsync(last.LookedAt, CancellationToken.None);
        var pulse = await baselines.PulseAsync(World(service), last.World.Reports, last.Range, CancellationToken.None);
        var said = last.World.Reports + last.World.Back;
        return new ServiceDetails(
            Summary(service, now, pulse), Shares.OfProblems(last.Cells), Shares.OfSurfaces(last.Cells), Shares.OfRegions(last.Regions),
            last.World.Back, said == 0 ? null : (double)last.World.Reports / said,
            await confidence.ReadAsync(service.Slug, CancellationToken.None), last.LookedAt);
    }

    private async ValueTask<ServiceSummary> SummaryAsync(Service service, RecentOfAll counted, Present now, CancellationToken cancellation)
    {
        var reports = counted.Services.GetValueOrDefault(service.Slug).Reports;
        return Summary(service, now, await baselines.PulseAsync(World(service), reports, counted.Range, cancellation));
    }

    private static ServiceSummary Summary(Service service, Present now, Pulse pulse)
    {
        var state = now.Board.Of(service.Slug);
        return new ServiceSummary(
            service, StatusOf(service.Slug, now), now.IsStale ? now.ObservedAt : state?.Since, pulse, state?.OpenIncident?.Id);
    }

    private static ServiceStatus StatusOf(ServiceSlug slug, Present now) =>
        now.IsStale ? ServiceStatus.Unknown : now.Board.Of(slug)?.Status ?? ServiceStatus.Normal;

    private static WatchKey World(Service service) => new(service.Slug, Region.World);

    // How things stand, as far as counts of a certain age tell.
    private async ValueTask<Present> NowAsync(DateTimeOffset lookedAt, CancellationToken cancellation)
    {
        var age = await freshness.ReadAsync(lookedAt, cancellation);
        return new Present(age.IsStale, age.ObservedAt, await board.ReadAsync(cancellation));
    }

    private readonly record struct Present(bool IsStale, DateTimeOffset ObservedAt, StatusBoard.Board Board);
}
