namespace OutageAggregator.Web.Caching;

/// <summary>What was told, when the look at the store began that it is told from, and whether the store is away now.</summary>
internal sealed record Known<T>(T Told, DateTimeOffset LookedAt, bool IsAway = false);

/// <summary>What is told from counts that readers remember while the store is away: it is as old as they are.</summary>
internal interface IDated
{
    /// <summary>When the look at the store began that the oldest of these counts are from.</summary>
    DateTimeOffset LookedAt { get; }
}

/// <summary>
/// Remembers what answers and pages told last, to tell it again while the store can't be read. Bounded: when full, that goes which nobody
/// has asked for the longest. While the store can't be read nothing new comes that could push anything out.
/// </summary>
internal sealed class LastKnown(TimeProvider clock)
{
    // The largest answer, 2,000 points, is about 250 KB. Told again it is there twice: with its freshness, too.
    private const int MostBytes = 16 * 1_024 * 1_024;
    internal const int PageBytes = 32 * 1_024;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _places = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _oldestFirst = new();
    private long _bytes;

    /// <summary>Reads it, or finds what was read last where the store is away; null where what is asked for is not there.</summary>
    /// <param name="key">All that it depends on besides time.</param>
    /// <param name="read">Looks it up.</param>
    /// <param name="bytes">What it takes; 0 where it is not to be remembered.</param>
    /// <exception cref="StoreUnavailableException">The store is away, and it is not known.</exception>
    internal async ValueTask<Known<T>?> ReadAsync<T>(string key, Func<Task<T?>> read, Func<T, int> bytes) where T : class
    {
        try
        {
            var now = clock.GetUtcNow();
            if (await read() is not { } told)
                return null;
            var lookedAt = told is IDated dated && dated.LookedAt < now ? dated.LookedAt : now;
            if (bytes(told) is > 0 and var size)
                Keep(new Kept(key, told, lookedAt, size));
            return new Known<T>(told, lookedAt);
        }
        catch (StoreUnavailableException) when (Find(key) is not null)
        {
            var last = Find(key)!;
            return new Known<T>((T)last.Told, last.LookedAt, IsAway: true);
        }
    }

    private Kept? Find(string key)
    {
        lock (_lock)
            return _places.TryGetValue(key, out var place) ? place.Value : null;
    }

    private void Keep(Kept kept)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(kept.Key, out var before))
                Drop(before);
            _places.Add(kept.Key, _oldestFirst.AddLast(kept));
            _bytes += kept.Bytes;
            while (_bytes > MostBytes)
                Drop(_oldestFirst.First!);
        }
    }

    private void Drop(LinkedListNode<Kept> place)
    {
        _bytes -= place.Value.Bytes;
        _ = _places.Remove(place.Value.Key);
        _oldestFirst.Remove(place);
    }

    private sealed record Kept(string Key, object Told, DateTimeOffset LookedAt, int Bytes);
}
