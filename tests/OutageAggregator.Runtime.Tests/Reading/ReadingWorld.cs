using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Following;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>Readers over real stores that a test fills with a <see cref="Story"/>. Nothing watches.</summary>
internal sealed class ReadingWorld : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly ServiceProvider _provider;
    private readonly Story _story;

    public ReadingWorld(bool onDisk = false, Action<IServiceCollection>? configure = null)
    {
        _story = new Story(Get<ICountStore>, Get<IIncidentLog>);
        var services = new ServiceCollection();
        configure?.Invoke(services);
        _ = services.AddSingleton<TimeProvider>(Clock).AddSingleton(Catalog).AddLogging();
        if (onDisk)
        {
            _folder = new TemporaryFolder();
            _ = services.AddSqliteStorage(_folder.Path, Readiness.TellStore);
        }
        else
        {
            _ = services.AddMemoryStorage(Readiness.TellStore);
        }
        _provider = services.AddReading().AddLive().BuildServiceProvider();
    }

    public ManualClock Clock => _story.Clock;

    public Minute Now => _story.Now;

    public Catalog Catalog { get; } = new(
        [new Category("ai", "AI assistants"), new Category("social", "Social")],
        [
            Entry("openai", "OpenAI", "ai") with { Members = [ServiceSlug.Parse("chatgpt"), ServiceSlug.Parse("sora")] },
            Entry("chatgpt", "ChatGPT", "ai", "openai"),
            Entry("sora", "Sora", "ai", "openai"),
            Entry("claude", "Claude", "ai"),
            Entry("gemini", "Gemini", "ai"),
            Entry("whatsapp", "WhatsApp", "social"),
            Entry("telegram", "Telegram", "social"),
        ]);

    public Service OpenAi => Catalog.Find(ServiceSlug.Parse("openai"))!;

    public Service ChatGpt => Catalog.Find(ServiceSlug.Parse("chatgpt"))!;

    public ICountStore Counts => Get<ICountStore>();

    public IIncidentLog Log => Get<IIncidentLog>();

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public Task CountAsync(
        string service, Region region, Minute minute, int count, Problem problem = Problem.Unavailable, Surface surface = Surface.Web,
        ReportKind kind = ReportKind.Down, bool late = false) =>
        _story.CountAsync(service, region, minute, count, problem, surface, kind, late);

    public Task ObserveAsync(Minute? from = null) => _story.ObserveAsync(from);

    public Task LiveThroughAMonthAsync(string service, Region region, int perQuarter) => _story.LiveThroughAMonthAsync(service, region, perQuarter);

    public Task<LogReceipt> LogAsync(
        string service, IncidentEventKind kind, ServiceStatus status, Incident? incident = null, DateTimeOffset? at = null) =>
        _story.LogAsync(service, kind, status, incident, at);

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _folder?.Dispose();
    }

    private static Service Entry(string slug, string name, string category, string? family = null) =>
        new(ServiceSlug.Parse(slug), name, category, [], family is null ? null : ServiceSlug.Parse(family), "UTC", null);
}
