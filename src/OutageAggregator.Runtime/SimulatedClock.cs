namespace OutageAggregator.Runtime;

/// <summary>
/// The clock that reports, watches and pages live by: the machine's own, or a simulated one that starts at a stated instant and
/// runs a stated number of times as fast. Timers run at the same pace, so a tick of 5 seconds stays a tick of 5 simulated seconds.
/// Limits against abuse don't use it: they count real seconds.
/// </summary>
/// <param name="start">What the simulated clock shows when it is made.</param>
/// <param name="speed">Simulated seconds per real second, 1 to 3,600.</param>
/// <param name="real">The machine's clock.</param>
public sealed class SimulatedClock(DateTimeOffset start, double speed, TimeProvider real) : TimeProvider
{
    private long _startTimestamp = real.GetTimestamp();
    private bool _isHeld;

    /// <summary>What the clock showed when it was made.</summary>
    public DateTimeOffset Start => start;

    /// <summary>Simulated seconds per real second.</summary>
    public double Speed => speed;

    /// <summary>
    /// True while the clock stands still at its start: set where something has to be ready before time may pass. Timers run meanwhile.
    /// </summary>
    public bool IsHeld
    {
        get => Volatile.Read(ref _isHeld);
        init => _isHeld = value;
    }

    public override DateTimeOffset GetUtcNow() =>
        IsHeld ? start : start + (real.GetElapsedTime(Volatile.Read(ref _startTimestamp)) * speed);

    /// <summary>Lets a held clock go.</summary>
    /// <param name="since">How long it should have gone already, in real time: others let theirs go before.</param>
    public void Go(TimeSpan since = default)
    {
        Volatile.Write(ref _startTimestamp, real.GetTimestamp() - (long)(since.TotalSeconds * real.TimestampFrequency));
        Volatile.Write(ref _isHeld, false);
    }

    /// <summary>As the setting writes it: <c>2024-11-08T23:50:00Z@60</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{start:yyyy-MM-ddTHH:mm:ssZ}@{speed}");

    public override long TimestampFrequency => real.TimestampFrequency;

    public override long GetTimestamp() => IsHeld ? 0 : (long)((real.GetTimestamp() - Volatile.Read(ref _startTimestamp)) * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new PacedTimer(real.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    private TimeSpan Real(TimeSpan simulated) => simulated == Timeout.InfiniteTimeSpan ? simulated : simulated / speed;

    private sealed class PacedTimer(ITimer timer, SimulatedClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Real(dueTime), clock.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
