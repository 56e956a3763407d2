namespace OutageAggregator.Web.Caching;

/// <summary>What was told, and when the look at the store began that it is told from.</summary>
internal sealed record Known<T>(T Told, DateTimeOffset LookedAt);

/// <summary>
/// Remembers what was told last, to tell it again while the store can't be read. Bounded: when full, that goes which nobody has asked for the
/// longest. What is asked for all the time is never the oldest, however many others come by; and while the store can't be read nothing new
/// comes that could push anything out.
/// </summary>
/// <param name="most">The most remembered, all weights together.</param>
/// <param name="weight">What one weighs: 1, or its bytes.</param>
internal sealed class LastKnown<T>(int most, Func<T, int> weight)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, Known<T> Known)>> _places = new(StringComparer.Ordinal);

    // Oldest first.
    private readonly LinkedList<(string Key, Known<T> Known)> _known = new();

    private long _held;

    internal void Keep(string key, Known<T> known)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(key, out var before))
                Drop(before);
            _places.Add(key, _known.AddLast((key, known)));
            _held += weight(known.Told);
            while (_held > most)
                Drop(_known.First!);
        }
    }

    internal Known<T>? Find(string key)
    {
        lock (_lock)
            return _places.TryGetValue(key, out var place) ? place.Value.Known : null;
    }

    private void Drop(LinkedListNode<(string Key, Known<T> Known)> place)
    {
        _held -= weight(place.Value.Known.Told);
        _ = _places.Remove(place.Value.Key);
        _known.Remove(place);
    }
}
