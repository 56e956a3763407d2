using System.Diagnostics;
using System.Diagnostics.Metrics;
using OutageAggregator.Cluster.Grains;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;

namespace OutageAggregator.Cluster;

/// <summary>Notes every few seconds that this node takes reports, and sees to it that what must be watched is watched by some node.</summary>
internal sealed partial class NodeTicker(
    Silo silo, Membership membership, IHostApplicationLifetime lifetime, ICountStore counts, Readiness readiness, WatchSettings settings, TimeProvider clock, ILogger<NodeTicker> logger, IMeterFactory? meters = null) : BackgroundService
{
    /// <summary>What the process ends with where it has to be started again.</summary>
    public const int ForgottenExitCode = 3;

    private long _lookedAt = Stopwatch.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = meters.OfOutages()?.CreateObservableGauge(
            "outage.watch.age", () => Stopwatch.GetElapsedTime(Volatile.Read(ref _lookedAt)).TotalSeconds, "s", "Time since the watches last looked at the clock with success.");
        // By the machine's clock, as grains do.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.TickSeconds));
        string? told = null;
        try
        {
            // It tells itself why it can't join.
            await silo.Joined.WaitAsync(stoppingToken);
            do
            {
                try
                {
                    if (await membership.IsForgottenAsync(stoppingToken))
                    {
                        Forgotten();
                        Environment.ExitCode = ForgottenExitCode;
                        lifetime.StopApplication();
                        return;
                    }
                    await counts.ObserveAsync(clock.GetUtcNow(), stoppingToken);
                    await silo.Grains.GetGrain<IDeliveryGrain>(0).WakeAsync();
                    readiness.Ready(ReadyPart.Store);
                    readiness.Ready(ReadyPart.Watches);
                    Volatile.Write(ref _lookedAt, Stopwatch.GetTimestamp());
                    told = null;
                }
                catch (StoreUnavailableException e)
                {
                    readiness.Missing(ReadyPart.Store, $"the store can't be used: {e.Message.TrimEnd('.')}");
                    // Once, and not every few seconds for as long as it lasts.
                    if (told != e.Message)
                        StoreFailed(e.Message);
                    told = e.Message;
                }
                catch (Exception e) when (e is OrleansException or TimeoutException)
                {
                    // A node was lost, and its grains are on their way to another one: the next tick finds them.
                    if (told != e.Message)
                        NotWoken(e.Message);
                    told = e.Message;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    TickFailed(e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; what is open is in the stores, and the other nodes watch it.
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Redis came back without its data and does not know this cluster any more: the node ends, to be started again and join anew")]
    private partial void Forgotten();

    [LoggerMessage(Level = LogLevel.Error, Message = "A look at the watches failed")]
    private partial void TickFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not answer, trying again at the next tick: {Reason}")]
    private partial void NotWoken(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store can't be used, trying again at the next tick: {Reason}")]
    private partial void StoreFailed(string reason);
}
