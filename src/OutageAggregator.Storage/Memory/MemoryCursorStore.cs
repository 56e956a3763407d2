using System.Collections.Concurrent;

namespace OutageAggregator.Storage.Memory;

/// <summary>Cursors in memory, for tests and trials: they survive nothing, as the log beside them.</summary>
public sealed class MemoryCursorStore : ICursorStore
{
    private readonly ConcurrentDictionary<string, long> _positions = new(StringComparer.Ordinal);

    public Task<long?> ReadAsync(string consumer, CancellationToken cancellation) =>
        Task.FromResult<long?>(_positions.TryGetValue(consumer, out var position) ? position : null);

    public Task SaveAsync(string consumer, long position, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _ = _positions.AddOrUpdate(consumer, position, (_, saved) => Math.Max(saved, position));
        return Task.CompletedTask;
    }
}
