using OutageAggregator.Contracts;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>Hosts of watches as objects, over memory, which outlives them within a test.</summary>
public sealed class WatchHostInMemoryTests : WatchHostContract
{
    private readonly MemoryCountStore _counts = new();
    private readonly MemoryIncidentLog _log = new();

    protected override Task<WatchHost> StartAsync() => ObjectWatches.Over(_counts, _log, Catalog, Clock).StartAsync(_counts, _log);
}

/// <summary>The same over a SQLite file, opened anew by each host.</summary>
public sealed class WatchHostOnSqliteTests : WatchHostContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<WatchHost> StartAsync()
    {
        var storage = _folder.Open();
        var (counts, log) = (new SqliteCountStore(storage), new SqliteIncidentLog(storage));
        return ObjectWatches.Over(counts, log, Catalog, Clock).StartAsync(counts, log, storage.DisposeAsync);
    }
}
