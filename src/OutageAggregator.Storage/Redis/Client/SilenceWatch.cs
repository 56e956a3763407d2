namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// Finds out that Redis hangs: it answers nobody while somebody waits with a report. Slow is something else. A Redis with a lot to do, or a machine
/// with too little processor, answers late and goes on answering, and giving its callers up would make them come again. So it is not the clock of
/// a call that says it, but looks in a row that heard nothing new: a process that gets no processor looks late, too, and then finds what came meanwhile.
/// </summary>
/// <param name="breaker">Knows when the last answer came, and is told.</param>
/// <param name="settings">How much silence is too much.</param>
/// <param name="clock">The machine's.</param>
/// <param name="ending">Cancelled when nobody wants to know any more.</param>
internal sealed class SilenceWatch(Breaker breaker, RedisSettings settings, TimeProvider clock, CancellationToken ending)
{
    private const int LookMilliseconds = 25;

    private int _waiting;
    private int _looking;

    /// <summary>Somebody waits from now on.</summary>
    public void Enter()
    {
        _ = Interlocked.Increment(ref _waiting);
        StartLooking();
    }

    /// <summary>Somebody was answered, or waits no longer.</summary>
    public void Leave() => Interlocked.Decrement(ref _waiting);

    private void StartLooking()
    {
        if (Volatile.Read(ref _looking) == 0 && Interlocked.CompareExchange(ref _looking, 1, 0) == 0)
            _ = LookAsync();
    }

    // For as long as somebody waits, and not on a server where nobody reports.
    private async Task LookAsync()
    {
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(LookMilliseconds), clock))
        {
            var (heardAt, since, silent) = (breaker.HeardAt, clock.GetTimestamp(), 0);
            while (!ending.IsCancellationRequested && Volatile.Read(ref _waiting) > 0)
            {
                _ = await timer.WaitForNextTickAsync(CancellationToken.None);
                if (breaker.HeardAt != heardAt || breaker.Trouble is not null || Volatile.Read(ref _waiting) == 0)
                    (heardAt, since, silent) = (breaker.HeardAt, clock.GetTimestamp(), 0);
                else if (++silent * LookMilliseconds >= settings.WriteMilliseconds)
                    breaker.Failed(since, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"did not answer within {settings.WriteMilliseconds} ms"));
            }
        }
        // A full fence: who enters from here on starts it, and who entered before is seen here.
        _ = Interlocked.Exchange(ref _looking, 0);
        if (Volatile.Read(ref _waiting) > 0 && !ending.IsCancellationRequested)
            StartLooking();
    }
}
