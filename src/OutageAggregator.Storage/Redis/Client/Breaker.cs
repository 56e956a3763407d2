
namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// Says whether calls are worth making. A failure since which nobody was answered opens it: Redis hangs or is gone, and
/// everybody else would wait as long. Who waits already is told at once, and while it is open no call is made but those that find out
/// (<see cref="RedisLink"/> makes one twice a second): somebody who waits with a report does not have to. The first that is answered in time closes it. Told
/// is who asks to be: of each reason once while it is open, and once when it closes. Its clock is the machine's, which no simulated one stands for.
/// </summary>
/// <param name="opened">Called when it opens, to begin finding out.</param>
/// <param name="tell">Told the reason, and null.</param>
/// <param name="clock">The machine's.</param>
internal sealed class Breaker(Action opened, Action<string?> tell, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private CancellationTokenSource _opening = new();
    private string? _trouble;
    private long _heardAt = long.MinValue;

    /// <summary>Why calls fail at once, or null while they are made.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>When the last answer came, by the clock's timestamps.</summary>
    public long HeardAt => Volatile.Read(ref _heardAt);

    /// <summary>False where the call should fail at once.</summary>
    /// <param name="startedAt">When it began.</param>
    /// <param name="hopeless">Cancelled when there is no use in waiting for its answer any more.</param>
    public bool TryEnter(out long startedAt, out CancellationToken hopeless)
    {
        startedAt = clock.GetTimestamp();
        var isClosed = Volatile.Read(ref _trouble) is null;
        // After that, or it could be the one that was cancelled before it closed.
        hopeless = Volatile.Read(ref _opening).Token;
        return isClosed;
    }

    /// <summary>An answer came, perhaps too late for who waited: Redis works, if slowly.</summary>
    public void Heard() => Volatile.Write(ref _heardAt, clock.GetTimestamp());

    /// <summary>An answer came in time.</summary>
    public void Answered()
    {
        Heard();
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
    /// <param name="since">Since when there was one to come. Where somebody else was answered after that, the fault is not everybody's.</param>
    /// <param name="reason">What is told of Redis, as the end of a sentence that begins with its name.</param>
    public void Failed(long since, string reason)
    {
        bool opens;
        lock (_gate)
        {
            if (since < HeardAt)
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
}
