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
    private Pace _pace = new(real.GetTimestamp(), TimeSpan.MaxValue);

    /// <summary>What the clock showed when it was made.</summary>
    public DateTimeOffset Start => start;

    /// <summary>Simulated seconds per real second.</summary>
    public double Speed => speed;

    /// <summary>
    /// True while the clock stands still at its start: set where something has to be ready before time may pass. Timers run meanwhile.
    /// </summary>
    public bool IsHeld
    {
        get => Volatile.Read(ref _pace).Most == TimeSpan.Zero;
        init => _pace = _pace with { Most = value ? TimeSpan.Zero : TimeSpan.MaxValue };
    }

    public override DateTimeOffset GetUtcNow() => start + Passed;

    /// <summary>Lets a held clock go.</summary>
    /// <param name="since">How long it should have gone already, in real time: others let theirs go before.</param>
    public void Go(TimeSpan since = default) => Volatile.Write(ref _pace, new(real.GetTimestamp() - TicksOf(since), TimeSpan.MaxValue));

    /// <summary>
    /// Names the instant at which the clock stands still until another is named, and goes on from there: time that something has to happen in
    /// does not pass before it has. Where that instant has passed, it stands still at once. Timers run meanwhile. One caller at a time.
    /// </summary>
    public void WaitAt(DateTimeOffset instant)
    {
        var (pace, now) = (_pace, real.GetTimestamp());
        var passed = PassedAt(now, pace);
        var most = instant - start;
        Volatile.Write(ref _pace, new(now - TicksOf(passed / speed), most > passed ? most : passed));
    }

    /// <summary>As the setting writes it: <c>2024-11-08T23:50:00Z@60</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{start:yyyy-MM-ddTHH:mm:ssZ}@{speed}");

    public override long TimestampFrequency => real.TimestampFrequency;

    public override long GetTimestamp() => TicksOf(Passed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new PacedTimer(real.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    private TimeSpan Passed
    {
        get
        {
            // Read before the time, which may then be of later and never of earlier.
            var pace = Volatile.Read(ref _pace);
            return PassedAt(real.GetTimestamp(), pace);
        }
    }

    private TimeSpan PassedAt(long timestamp, Pace pace)
    {
        var passed = real.GetElapsedTime(pace.Since, timestamp) * speed;
        return passed < pace.Most ? passed : pace.Most;
    }

    private long TicksOf(TimeSpan time) => (long)(time.TotalSeconds * real.TimestampFrequency);

    private TimeSpan Real(TimeSpan simulated) => simulated == Timeout.InfiniteTimeSpan ? simulated : simulated / speed;

    /// <summary>Both at once, so that nobody reads one of before and one of after.</summary>
    /// <param name="Since">The real timestamp at which the clock would have shown its start, had it never stood still.</param>
    /// <param name="Most">How much simulated time may pass.</param>
    private sealed record Pace(long Since, TimeSpan Most);

    private sealed class PacedTimer(ITimer timer, SimulatedClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Real(dueTime), clock.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
