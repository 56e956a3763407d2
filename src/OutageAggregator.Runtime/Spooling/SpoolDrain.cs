namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// Hands on what waits in the spool, a few services at a time in turns (<see cref="SpoolPass"/>): next is the one that has waited for
/// longest, so one that is hot, slow or fails takes nobody else's turn. A batch leaves the file after the store has it; a crash in between
/// hands it on once more, with the id it has, which the store knows for a day.
/// <para>
/// While the store is away one batch is tried twice a second, each time of another service, so nobody else has to find out that it is back.
/// </para>
/// </summary>
internal sealed partial class SpoolDrain(Spool spool, SpooledWatches watches, ICountStore counts, ILogger<SpoolDrain> log) : BackgroundService
{
    private const int ServicesAtOnce = 4;

    // Redis answers those that come together after one fsync. More would wait for long at the grain of a region, where live reports wait.
    private const int BatchesAtOnce = 64;

    // Real time, as all pauses here: the store's trouble is real, also where the server's clock is simulated.
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly SpoolHandover _handover = new(spool, watches.Watches, counts, log);
    private volatile bool _isAway;

    /// <summary>How long a batch is tried that fails. Shorter for tests.</summary>
    internal TimeSpan Patience { init => _handover.Patience = value; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            _ = await spool.File.WriteAsync(static tables => tables.Rehearse());
        }
        catch (StoreUnavailableException)
        {
            // The spool has said so.
        }
        try
        {
            for (; ; await Task.Delay(SpooledServices.Rest, stoppingToken))
            {
                _isAway = false;
                // One batch finds out whether it is worth it for the others.
                if (spool.Services.BeginTurn() is not { } trial)
                    continue;
                await TakeTurnAsync(trial, 1, TimeSpan.Zero, stoppingToken);
                if (!_isAway)
                    await DrainAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is in the file, and handed on after the next start.
        }
    }

    // Until nothing waits, or the store takes nothing.
    private async Task DrainAsync(CancellationToken stopping)
    {
        spool.Services.Go(true);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, ServicesAtOnce).Select(async _ =>
            {
                while (!_isAway && !spool.IsEmpty && !stopping.IsCancellationRequested)
                {
                    if (spool.Services.BeginTurn() is { } service)
                        await TakeTurnAsync(service, BatchesAtOnce, SpooledServices.LongestTurn, stopping);
                    else
                        await Task.Delay(s_betweenLooks, stopping);
                }
            }));
        }
        finally
        {
            spool.Services.Go(false);
        }
    }

    private async Task TakeTurnAsync(SpoolQueue service, int batches, TimeSpan longest, CancellationToken stopping)
    {
        var beganAt = Stopwatch.GetTimestamp();
        SpoolStep step;
        try
        {
            do
            {
                var pass = service.Pass ?? new SpoolPass(service.Slug, spool, _handover);
                // One that is broken off begins again with the oldest.
                service.Pass = null;
                step = await pass.GoOnAsync(batches, stopping);
                if (step == SpoolStep.GoesOn)
                    service.Pass = pass;
            }
            while (step is SpoolStep.GoesOn or SpoolStep.Ends && service.Batches > 0
                && Stopwatch.GetElapsedTime(beganAt) < longest && !stopping.IsCancellationRequested);
        }
        catch (StoreUnavailableException)
        {
            // The spool itself: it has said so.
            step = SpoolStep.Away;
        }
        catch (Exception e)
        {
            // Whatever it was, what waits is tried again, and the server goes on.
            step = SpoolStep.Rests;
            NotHandedOn(e);
        }
        if (step == SpoolStep.Away)
            _isAway = true;
        spool.Services.EndTurn(service, rests: step == SpoolStep.Rests);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What waits in the spool could not be handed on, trying again")]
    private partial void NotHandedOn(Exception error);
}
