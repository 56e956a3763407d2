using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.Core.Detection;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Storage.Memory;
using OutageAggregator.Runtime.Storage.Sqlite;
using OutageAggregator.Runtime.Tests.Storage;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>
/// Readers over real stores that a test fills by hand: counts are imported, incidents are written into the log, and the clock stands
/// at 00:20:30 UTC of 9 November 2024 until it is moved. Nothing watches.
/// </summary>
internal sealed class ReadingWorld : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2024, 11, 9, 0, 20, 30, TimeSpan.Zero);

    private readonly TemporaryFolder? _folder;
    private readonly ServiceProvider _provider;
    private readonly Dictionary<ServiceSlug, int> _events = [];

    public ReadingWorld(bool onDisk = false, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        configure?.Invoke(services);
        _ = services.AddSingleton<TimeProvider>(Clock).AddSingleton(Catalog).AddLogging();
        if (onDisk)
        {
            _folder = new TemporaryFolder();
            _ = services.AddSqliteStorage(_folder.Path);
        }
        else
        {
            _ = services.AddMemoryStorage();
        }
        _provider = services.AddReading().BuildServiceProvider();
    }

    public ManualClock Clock { get; } = new(s_start);

    public Catalog Catalog { get; } = new(
        [new Category("ai", "AI assistants"), new Category("social", "Social")],
        [
            Entry("chatgpt", "ChatGPT", "ai"),
            Entry("claude", "Claude", "ai"),
            Entry("gemini", "Gemini", "ai"),
            Entry("whatsapp", "WhatsApp", "social"),
            Entry("telegram", "Telegram", "social"),
        ]);

    public Service ChatGpt => Catalog.Find(ServiceSlug.Parse("chatgpt"))!;

    public ICountStore Counts => Get<ICountStore>();

    public IIncidentLog Log => Get<IIncidentLog>();

    public Minute Now => Minute.Of(Clock.GetUtcNow());

    public static Region Italy { get; } = Region.Parse("IT");

    public static Region Spain { get; } = Region.Parse("ES");

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>The minute of 9 November 2024 (or some days away) at an hour and minute.</summary>
    public static Minute At(int hour, int minute, int days = 0) =>
        Minute.Of(new DateTimeOffset(2024, 11, 9, hour, minute, 0, TimeSpan.Zero)) + (days * Minute.PerDay);

    /// <summary>Puts reports of one kind into one minute; what was in that cell is replaced.</summary>
    public Task CountAsync(
        string service, Region region, Minute minute, int count, Problem problem = Problem.Unavailable, Surface surface = Surface.Web,
        ReportKind kind = ReportKind.Down, bool late = false) =>
        Counts.ImportAsync(
            new WatchKey(ServiceSlug.Parse(service), region), [new CellCount(minute, ReportCell.Of(kind, problem, surface, late), count)], default);

    /// <summary>The stores were watched over a stretch and until just now.</summary>
    public async Task ObserveAsync(Minute? from = null)
    {
        await Counts.ObserveAsync(new MinuteRange(from ?? (Now - Minute.PerDay), Now + 1), default);
        await Counts.ObserveAsync(Clock.GetUtcNow(), default);
    }

    /// <summary>A month of the same count every quarter of an hour: what is then usual is known.</summary>
    public async Task LiveThroughAMonthAsync(string service, Region region, int perQuarter)
    {
        var from = (Now - (28 * Minute.PerDay)).FloorTo(30);
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        var to = (Now - 240).FloorTo(30);
        await Counts.ImportAsync(
            new WatchKey(ServiceSlug.Parse(service), region),
            [.. Enumerable.Range(0, (to - from) / 15).Select(q => new CellCount(from + (q * 15) + 7, cell, perQuarter))],
            default);
        await ObserveAsync(from);
    }

    public Task<IReadOnlyList<LoggedEvent>> LogAsync(
        string service, IncidentEventKind kind, ServiceStatus status, Incident? incident = null, DateTimeOffset? at = null)
    {
        var slug = ServiceSlug.Parse(service);
        var number = _events[slug] = _events.GetValueOrDefault(slug) + 1;
        return Log.AppendAsync([new IncidentEvent(slug, number, kind, at ?? Clock.GetUtcNow(), status, incident)], default);
    }

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

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _folder?.Dispose();
    }

    private static Service Entry(string slug, string name, string category) => new(ServiceSlug.Parse(slug), name, category, [], null, "UTC", null);
}
