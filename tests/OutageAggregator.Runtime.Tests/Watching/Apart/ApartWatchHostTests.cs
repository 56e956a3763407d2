using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Contracts;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Runtime.Watching.Apart;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;

namespace OutageAggregator.Runtime.Tests.Watching.Apart;

/// <summary>Region and service watches apart from each other, over memory, which outlives them within a test.</summary>
public sealed class ApartWatchesInMemoryTests : WatchHostContract
{
    private readonly MemoryCountStore _counts = new();
    private readonly MemoryIncidentLog _log = new();

    protected override Task<WatchHost> StartAsync() => Task.FromResult(ApartHost.Start(_counts, _log, Catalog, Clock, () => ValueTask.CompletedTask));
}

/// <summary>The same over a SQLite file, opened anew by each host.</summary>
public sealed class ApartWatchesOnSqliteTests : WatchHostContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<WatchHost> StartAsync()
    {
        var storage = _folder.Open();
        return Task.FromResult(ApartHost.Start(new SqliteCountStore(storage), new SqliteIncidentLog(storage), Catalog, Clock, storage.DisposeAsync));
    }
}

/// <summary>Makes hosts over stores.</summary>
internal static class ApartHost
{
    internal static HostParts Parts(ICountStore counts, IIncidentLog log, Catalog catalog, TimeProvider clock)
    {
        var settings = new WatchSettings();
        return new HostParts(counts, new WatchLoader(counts, log, catalog, settings), new WatchRunner(log, NullLogger<WatchRunner>.Instance), clock, settings);
    }

    internal static WatchHost Start(ICountStore counts, IIncidentLog log, Catalog catalog, TimeProvider clock, Func<ValueTask> stop)
    {
        var watches = new ApartWatches(Parts(counts, log, catalog, clock));
        return new WatchHost(watches, counts, log, () => watches.TickAsync(ServiceSlug.Parse("chatgpt")), stop);
    }
}
