using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>Embedded watches over memory, which outlives the host within a test.</summary>
public sealed class EmbeddedWatchesInMemoryTests : WatchHostContract
{
    private readonly MemoryCountStore _counts = new();
    private readonly MemoryIncidentLog _log = new();

    protected override Task<WatchHost> StartAsync() =>
        Embedded.StartAsync(_counts, _log, Catalog, Clock, () => ValueTask.CompletedTask);
}

/// <summary>Embedded watches over a SQLite file, opened anew by each host.</summary>
public sealed class EmbeddedWatchesOnSqliteTests : WatchHostContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<WatchHost> StartAsync()
    {
        var storage = _folder.Open();
        return Embedded.StartAsync(new SqliteCountStore(storage), new SqliteIncidentLog(storage), Catalog, Clock, storage.DisposeAsync);
    }
}

internal static class Embedded
{
    internal static async Task<WatchHost> StartAsync(
        ICountStore counts, IIncidentLog log, Core.Services.Catalog catalog, TimeProvider clock, Func<ValueTask> stop, Candidate? candidate = null)
    {
        var shadow = candidate is null ? null : new ShadowWatches(
            counts, log, candidate.Log, catalog, new WatchSettings { Shadow = candidate.Detector }, clock, candidate.Logger ?? NullLogger<ShadowWatches>.Instance);
        var watches = new EmbeddedWatches(
            counts,
            new WatchLoader(counts, log, catalog, new WatchSettings()),
            new WatchRunner(log, NullLogger<WatchRunner>.Instance),
            clock,
            NullLogger<EmbeddedWatches>.Instance,
            shadow);
        await watches.RestoreAsync(CancellationToken.None);
        await TickAsync();
        return new WatchHost(watches, counts, log, TickAsync, stop);

        async Task TickAsync()
        {
            await watches.TickAsync(CancellationToken.None);
            if (candidate?.IsAwaited() != false)
                await watches.ShadowRound;
        }
    }
}
