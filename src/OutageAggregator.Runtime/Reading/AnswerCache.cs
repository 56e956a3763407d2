namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Keeps answers for a short time and lets callers who ask the same thing at once share one look at the stores: in an outage
/// everybody opens the same page in the same second.
/// <para>
/// Lifetimes run on the server's clock, so a simulated minute is never answered with the one before. A look that has begun
/// is not cancelled when the first of its callers leaves; an answer that failed is not kept. Where the store is away, the last answer known
/// may serve on instead: for one lifetime, then the store is asked again. When full, what has expired
/// goes first and then everything: cheaper than keeping an order of use that an attacker could churn anyway.
/// </para>
/// </summary>
/// <param name="clock">The server's clock.</param>
/// <param name="lifetime">How long an answer serves, counted from the beginning of its look.</param>
/// <param name="capacity">The most answers kept.</param>
/// <param name="keepsLast">
/// The last answer serves while the store is away. Only for answers that are told together with the age of the data.
/// </param>
internal sealed class AnswerCache<TKey, TAnswer>(TimeProvider clock, TimeSpan lifetime, int capacity, bool keepsLast = false)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private readonly Lock _lock = new();
    private volatile bool _isAway;

    /// <summary>True where the store could not be read at the last look.</summary>
    public bool IsAway => _isAway;

    /// <summary>The kept answer, the one being read, or a new one from <paramref name="read"/>.</summary>
    public ValueTask<TAnswer> GetAsync(TKey key, Func<TKey, Task<TAnswer>> read, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (_entries.TryGetValue(key, out var entry) && Serves(entry, now))
            return new ValueTask<TAnswer>(entry.Answer.WaitAsync(cancellation));
        var begin = false;
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out entry) || !Serves(entry, now))
            {
                var last = keepsLast && entry is { Answer.IsCompletedSuccessfully: true } ? entry.Answer : null;
                MakeRoom(now);
                _entries[key] = entry = new Entry(now, last);
                begin = true;
            }
        }
        // Outside the lock: a store may work synchronously before its first await.
        if (begin)
            _ = FillAsync(key, entry, read);
        return new ValueTask<TAnswer>(entry.Answer.WaitAsync(cancellation));
    }

    /// <summary>The answer that is kept, however old it is, which is complete; null where none is. Nothing is read.</summary>
    public Task<TAnswer>? Kept(TKey key) =>
        _entries.TryGetValue(key, out var entry) && entry.Answer.IsCompletedSuccessfully ? entry.Answer : entry?.Last;

    /// <summary>
    /// Keeps the answer no longer: who asks from now on gets one whose look begins after this call. Who waits already is still answered.
    /// </summary>
    public void Forget(TKey key)
    {
        if (_entries.TryGetValue(key, out var entry))
            entry.IsForgotten = true;
    }

    /// <summary>Keeps it no longer where it is this answer, and not one whose look began since.</summary>
    public void Forget(TKey key, TAnswer answer)
    {
        if (_entries.TryGetValue(key, out var entry) && Is(entry, answer))
            entry.IsForgotten = true;
    }

    /// <summary>True where this very answer is what is kept.</summary>
    public bool Keeps(TKey key, TAnswer answer) => _entries.TryGetValue(key, out var entry) && !entry.IsForgotten && Is(entry, answer);

    private static bool Is(Entry entry, TAnswer answer) => ReferenceEquals(entry.Given, answer);

    private async Task FillAsync(TKey key, Entry entry, Func<TKey, Task<TAnswer>> read)
    {
        try
        {
            var answer = await read(key);
            _isAway = false;
            entry.Give(answer);
        }
        catch (StoreUnavailableException) when (entry.Last is not null)
        {
            _isAway = true;
            entry.Give(await entry.Last);
        }
        catch (Exception error)
        {
            _isAway |= error is StoreUnavailableException;
            _ = _entries.TryRemove(new KeyValuePair<TKey, Entry>(key, entry));
            entry.Source.SetException(error);
        }
    }

    private bool Serves(Entry entry, DateTimeOffset now) =>
        !entry.IsForgotten && (!entry.Answer.IsCompleted || (now >= entry.BegunAt && now - entry.BegunAt < lifetime));

    private void MakeRoom(DateTimeOffset now)
    {
        if (_entries.Count < capacity)
            return;
        foreach (var (key, entry) in _entries)
        {
            if (!Serves(entry, now))
                _ = _entries.TryRemove(key, out _);
        }
        if (_entries.Count >= capacity)
            _entries.Clear();
    }

    private sealed class Entry(DateTimeOffset begunAt, Task<TAnswer>? last)
    {
        public volatile bool IsForgotten;

        /// <summary>The answer before, which is complete.</summary>
        public Task<TAnswer>? Last => last;

        public DateTimeOffset BegunAt => begunAt;

        public TaskCompletionSource<TAnswer> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TAnswer> Answer => Source.Task;

        /// <summary>What it answers; nothing yet while it is looked for.</summary>
        public object? Given { get; private set; }

        public void Give(TAnswer answer)
        {
            Given = answer;
            Source.SetResult(answer);
        }
    }
}
