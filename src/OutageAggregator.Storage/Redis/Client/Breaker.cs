namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// Says whether calls are worth making, and tells a Redis that hangs from a slow one. While calls wait, it looks twenty times a second
/// whether anybody was answered since the last look. So many looks in a row without an answer mean that Redis hangs: those who wait are
/// told at once, and no call is made but the one that finds out (<see cref="RedisLink"/>), until an answer comes, whosever it is.
/// <para>
/// Slow is something else. A Redis on a slow disk, with a lot to do or on a busy machine answers late and goes on answering, and a call
/// may well wait for two fsyncs in a row (ADR 17). So it is silence that counts and not how long one call takes; and looks are counted
/// and not time, as a process that gets no processor looks late, too, and then finds the answers that came meanwhile.
/// </para>
/// </summary>
/// <param name="settings">How much silence is too much.</param>
/// <param name="opened">Called when it opens, to begin finding out.</param>
/// <param name="tell">Told each reason once while it is open, and null when it closes.</param>
/// <param name="clock">The machine's, which no simulated one stands for.</param>
internal sealed class Breaker(RedisSettings settings, Action opened, Action<string?> tell, TimeProvider clock)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private CancellationTokenSource _opening = new();
    private string? _trouble;
    private long _heardAt = long.MinValue;
    private int _waiting;
    private int _isLooking;

    /// <summary>Why calls fail at once, or null while they are made.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>False where a call should fail at once.</summary>
    /// <param name="hopeless">Cancelled when there is no use in waiting for an answer any more.</param>
    public bool TryEnter(out CancellationToken hopeless)
    {
        var isClosed = Trouble is null;
        // After that, or it could be the one that was cancelled before it closed.
        hopeless = Volatile.Read(ref _opening).Token;
        return isClosed;
    }

    /// <summary>A call was sent, and waits for its answer from now on.</summary>
    public void Sent()
    {
        _ = Interlocked.Increment(ref _waiting);
        StartLooking();
    }

    /// <summary>A call ended, with an answer or without one.</summary>
    public void Ended() => _ = Interlocked.Decrement(ref _waiting);

    /// <summary>An answer came, perhaps too late for who waited: Redis works.</summary>
    public void Heard()
    {
        Volatile.Write(ref _heardAt, clock.GetTimestamp());
        if (Trouble is null)
            return;
        lock (_gate)
        {
            if (_trouble is null)
                return;
            Volatile.Write(ref _opening, new CancellationTokenSource());
            Volatile.Write(ref _trouble, null);
            _told.Clear();
            tell(null);
        }
    }

    /// <summary>No answer came, or none can come.</summary>
    /// <param name="since">Since when there was one to come. Where somebody else was answered after that, the fault is not
    /// everybody's.</param>
    /// <param name="reason">What is told of Redis, as the end of a sentence that begins with its name.</param>
    public void Failed(long since, string reason)
    {
        bool opens;
        lock (_gate)
        {
            if (since < Volatile.Read(ref _heardAt))
                return;
            opens = _trouble is null;
            Volatile.Write(ref _trouble, reason);
            // On the pool: those who wait go on from here, and must not do so under the lock.
            if (opens)
                _ = _opening.CancelAsync();
            if (_told.Add(reason))
                tell(reason);
        }
        if (opens)
            opened();
    }

    private void StartLooking()
    {
        if (Volatile.Read(ref _isLooking) == 0 && Interlocked.CompareExchange(ref _isLooking, 1, 0) == 0)
            _ = LookAsync();
    }

    // For as long as somebody waits, and not on a server where nobody reports.
    private async Task LookAsync()
    {
        using (var timer = new PeriodicTimer(s_look, clock))
        {
            var (heardAt, since, silent) = (Volatile.Read(ref _heardAt), clock.GetTimestamp(), TimeSpan.Zero);
            while (Volatile.Read(ref _waiting) > 0)
            {
                _ = await timer.WaitForNextTickAsync(CancellationToken.None);
                silent += s_look;
                if (Volatile.Read(ref _heardAt) != heardAt || Trouble is not null)
                    (heardAt, since, silent) = (Volatile.Read(ref _heardAt), clock.GetTimestamp(), TimeSpan.Zero);
                else if (silent.TotalMilliseconds >= settings.HungMilliseconds && Volatile.Read(ref _waiting) > 0)
                    Failed(since, $"did not answer within {settings.HungMilliseconds} ms");
            }
        }
        // A full fence: who waits from here on starts it, and who waited before is seen here.
        _ = Interlocked.Exchange(ref _isLooking, 0);
        if (Volatile.Read(ref _waiting) > 0)
            StartLooking();
    }
}
