namespace OutageAggregator.Redis;

/// <summary>
/// Says whether calls are worth making. A call that ran out of time, while none that began after it was answered, opens it: Redis hangs, and
/// everybody else would wait as long: who waits already is told at once. While it is open, one call every half second is let through; the first that is answered closes it. Told
/// is who asks to be: of each reason once while it is open, and once when it closes. Its clock is the machine's, which no simulated one stands for.
/// </summary>
internal sealed class Breaker(Action<string?> tell, TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private CancellationTokenSource _opening = new();
    private string? _trouble;
    private long _answeredAt = long.MinValue;
    private long _triedAt;

    /// <summary>Why calls fail at once, or null while they are made.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>False where the call should fail at once.</summary>
    /// <param name="startedAt">When it began.</param>
    /// <param name="opened">Cancelled when there is no use in waiting for its answer any more.</param>
    public bool TryEnter(out long startedAt, out CancellationToken opened)
    {
        startedAt = clock.GetTimestamp();
        opened = Volatile.Read(ref _opening).Token;
        if (Volatile.Read(ref _trouble) is null)
            return true;
        // The one that finds out.
        opened = CancellationToken.None;
        lock (_gate)
        {
            if (_trouble is not null && clock.GetElapsedTime(_triedAt, startedAt) < s_pause)
                return false;
            _triedAt = startedAt;
            return true;
        }
    }

    /// <summary>An answer came.</summary>
    public void Answered(long startedAt)
    {
        if (startedAt > Volatile.Read(ref _answeredAt))
            Volatile.Write(ref _answeredAt, startedAt);
        if (Volatile.Read(ref _trouble) is null)
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
    public void Failed(long startedAt, string reason)
    {
        lock (_gate)
        {
            if (startedAt < Volatile.Read(ref _answeredAt))
                return;
            var opens = _trouble is null;
            if (opens)
                _triedAt = clock.GetTimestamp();
            Volatile.Write(ref _trouble, reason);
            // On the pool: those who wait go on from here, and must not do so under the lock.
            if (opens)
                _ = _opening.CancelAsync();
            if (_told.Add(reason))
                tell(reason);
        }
    }
}
