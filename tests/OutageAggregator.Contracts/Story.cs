using OutageAggregator.Core.Verdicts;
using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>
/// What happened, written into real stores by hand: counts are imported, incidents are appended to the log. It plays in the night of
/// 9 November 2024, and its clock stands at 00:20:30 UTC until it is moved.
/// </summary>
public sealed class Story
{
    private readonly Func<ICountStore> _counts;
    private readonly Func<IIncidentLog> _log;
    private readonly Dictionary<ServiceSlug, int> _events = [];

    /// <param name="counts">Where counts go; asked for when it is needed.</param>
    /// <param name="log">Where events go.</param>
    public Story(Func<ICountStore> counts, Func<IIncidentLog> log) => (_counts, _log) = (counts, log);

    public ManualClock Clock { get; } = new(new DateTimeOffset(2024, 11, 9, 0, 20, 30, TimeSpan.Zero));

    public Minute Now => Minute.Of(Clock.GetUtcNow());

    public static Region Italy { get; } = Region.Parse("IT");

    public static Region Spain { get; } = Region.Parse("ES");

    /// <summary>The minute of 9 November 2024 (or some days away) at an hour and minute.</summary>
    public static Minute At(int hour, int minute, int days = 0) =>
        Minute.Of(new DateTimeOffset(2024, 11, 9, hour, minute, 0, TimeSpan.Zero)) + (days * Minute.PerDay);

    /// <summary>Puts reports of one kind into one minute; what was in that cell is replaced.</summary>
    public Task CountAsync(
        string service, Region region, Minute minute, int count, Problem problem = Problem.Unavailable, Surface surface = Surface.Web,
        ReportKind kind = ReportKind.Down, bool late = false) =>
        _counts().ImportAsync(
            new WatchKey(ServiceSlug.Parse(service), region), [new CellCount(minute, ReportCell.Of(kind, problem, surface, late), count)], default);

    /// <summary>The stores were watched over a stretch (a week, so that the usual is known, where none is given) and until just now.</summary>
    public async Task ObserveAsync(Minute? from = null)
    {
        await _counts().ObserveAsync(new MinuteRange(from ?? (Now - (7 * Minute.PerDay)), Now + 1), default);
        await _counts().ObserveAsync(Clock.GetUtcNow(), default);
    }

    /// <summary>A month of the same count every quarter of an hour: what is then usual is known.</summary>
    public async Task LiveThroughAMonthAsync(string service, Region region, int perQuarter)
    {
        var from = (Now - (28 * Minute.PerDay)).FloorTo(30);
        var to = (Now - 240).FloorTo(30);
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        await _counts().ImportAsync(
            new WatchKey(ServiceSlug.Parse(service), region),
            [.. Enumerable.Range(0, (to - from) / 15).Select(q => new CellCount(from + (q * 15) + 7, cell, perQuarter))],
            default);
        await ObserveAsync(from);
    }

    public Task<LogReceipt> LogAsync(
        string service, IncidentEventKind kind, ServiceStatus status, Incident? incident = null, DateTimeOffset? at = null)
    {
        var slug = ServiceSlug.Parse(service);
        var number = _events[slug] = _events.GetValueOrDefault(slug) + 1;
        return _log().AppendAsync([new IncidentEvent(slug, number, kind, at ?? Clock.GetUtcNow(), status, incident)], default);
    }

    /// <summary>An incident opens: an outage from here on.</summary>
    public Task OpenAsync(Incident incident) =>
        LogAsync(incident.Service.ToString(), IncidentEventKind.Opened, ServiceStatus.Outage, incident);

    /// <summary>An incident is over.</summary>
    public Task ResolveAsync(Incident incident) =>
        LogAsync(incident.Service.ToString(), IncidentEventKind.Resolved, ServiceStatus.Normal, incident);

    /// <summary>An incident that began at a minute, with the worst minute nine minutes later, open unless it is given an end.</summary>
    public static Incident Incident(Minute from, Minute? to = null, string service = "chatgpt", int number = 1, int peak = 1_234, params Region[] regions) => new(
        new IncidentId(ServiceSlug.Parse(service), number),
        to is null ? IncidentState.Open : IncidentState.Resolved,
        from,
        (from + 2).Start,
        new Peak(from + 9, peak),
        to,
        to is { } end ? (end + 10).Start : null,
        3.5,
        to is { } over
            ? [new Phase(PhaseKind.Onset, from, from + 9), new Phase(PhaseKind.Peak, from + 9, over - 5), new Phase(PhaseKind.Recovery, over - 5, over), new Phase(PhaseKind.End, over, over)]
            : [new Phase(PhaseKind.Onset, from, null)],
        [.. regions],
        new Evidence("negative-binomial", "5 minutes", Region.World, 5, 60, 3.2, 14, -40.5, 60, 6));
}
