namespace OutageAggregator.Storage.Memory;

/// <summary>Repeatable batches in memory, for tests, replays and trials: they survive nothing.</summary>
public sealed class MemoryRepeatedBatches : IRepeatedBatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, (DateTimeOffset SeenAt, UInt128 Body)> _notes = [];
    private readonly Queue<UInt128> _oldest = new();

    public Task<BatchMemory> BeginAsync(UInt128 id, UInt128 body, DateTimeOffset now, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            while (_oldest.TryPeek(out var oldest) && now - _notes[oldest].SeenAt >= IRepeatedBatches.Lifetime)
                _ = _notes.Remove(_oldest.Dequeue());
            if (_notes.TryGetValue(id, out var known))
                return Task.FromResult(new BatchMemory(known.SeenAt, known.Body == body));
            _notes.Add(id, (now.ToUniversalTime(), body));
            _oldest.Enqueue(id);
            return Task.FromResult(new BatchMemory(now.ToUniversalTime(), IsSameBody: true));
        }
    }
}
