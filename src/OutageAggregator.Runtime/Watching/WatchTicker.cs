using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Watching;

/// <summary>Restores the watches when the server starts, then lets them look at the clock every few seconds.</summary>
public sealed partial class WatchTicker(
    EmbeddedWatches watches, Readiness readiness, WatchSettings settings, TimeProvider clock, ILogger<WatchTicker> logger,
    IMeterFactory? meters = null) : BackgroundService
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private long _lookedAt = Stopwatch.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = meters.OfOutages()?.CreateObservableGauge(
            "outage.watch.age", () => Stopwatch.GetElapsedTime(Volatile.Read(ref _lookedAt)).TotalSeconds, "s", "Time since the watches last looked at the clock with success.");
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.TickSeconds), clock);
        var restored = false;
        string? told = null;
        try
        {
            do
            {
                try
                {
                    if (!restored)
                    {
                        await watches.RestoreAsync(stoppingToken);
                        restored = true;
                    }
                    await watches.TickAsync(stoppingToken);
                    readiness.Ready(ReadyPart.Store);
                    readiness.Ready(ReadyPart.Watches);
                    told = null;
                    Volatile.Write(ref _lookedAt, Stopwatch.GetTimestamp());
                }
                catch (StoreUnavailableException e)
                {
                    readiness.Missing(ReadyPart.Store, $"the store can't be used: {e.Message.TrimEnd('.')}");
                    // Once, and not every few seconds for as long as it lasts.
                    if (told != e.Message)
                        StoreFailed(e.Message);
                    told = e.Message;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // A fault in one look must not end all watching, and must not go unseen either.
                    TickFailed(e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is open is in the stores.
        }
        // It ends by itself then, and is not waited for where its store hangs.
        await watches.ShadowRound.WaitAsync(s_farewell, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A look at the watches failed")]
    private partial void TickFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store can't be used, trying again at the next tick: {Reason}")]
    private partial void StoreFailed(string reason);
}
