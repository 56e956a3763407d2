using System.Diagnostics;
using System.Diagnostics.Metrics;
using OutageAggregator.Cluster.Grains;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Cluster;

/// <summary>
/// The watches as grains, wherever in the cluster they are. A call that gets lost with a node is made again with the same batch, which counts once,
/// until another node has taken the grain over.
/// </summary>
internal sealed partial class GrainWatches : IWatches
{
    /// <summary>How long one call to a grain may take: longer than the grain may wait for Redis, which the settings of a node are held to.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    // A killed node is noticed in about four seconds. Whoever waits for an answer, a balancer too, has gone after ten.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(9) - CallTimeout;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Silo _silo;
    private readonly ICountStore _counts;
    private readonly ILogger _logger;
    private long _calls;

    public GrainWatches(Silo silo, ICountStore counts, ILogger<GrainWatches> logger, IMeterFactory? meters = null)
    {
        (_silo, _counts, _logger) = (silo, counts, logger);
        _ = meters.OfOutages()?.CreateObservableCounter(
            "outage.grain.calls", () => Interlocked.Read(ref _calls), "{call}", "Calls of this node to the watches of regions: one a batch, and one more where it was lost.");
    }

    public async Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var grain = _silo.Grains.GetGrain<IRegionWatchGrain>(batch.Key.ToString());
        var answer = await CallAsync(() => grain.RecordAsync(batch), batch.Key, cancellation);
        return answer.Receipt ?? throw new StoreUnavailableException(answer.Trouble ?? "The store did not answer.");
    }

    public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation)
    {
        if (await _counts.WithdrawAsync(id, cancellation) is not { } withdrawal)
            return false;
        if (!withdrawal.First || withdrawal.Report.Cell.IsLate)
            return true;
        try
        {
            var grain = _silo.Grains.GetGrain<IRegionWatchGrain>(withdrawal.Key.ToString());
            await CallAsync(
                async () =>
                {
                    await grain.ChangedAsync(withdrawal.Report.At);
                    return true;
                },
                withdrawal.Key,
                cancellation);
        }
        catch (StoreUnavailableException e)
        {
            // It is taken back; the watch reads so when it is loaded the next time.
            NotTold(withdrawal.Key, e.Message);
        }
        return true;
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, WatchKey key, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                _ = Interlocked.Increment(ref _calls);
                return await call();
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                if (Stopwatch.GetElapsedTime(since) > s_patience)
                    throw new StoreUnavailableException($"No node watches {key} at the moment ({e.GetType().Name}).", e);
            }
            await Task.Delay(s_pause, cancellation);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report of {Key} was taken back, its watch was not told: {Reason}")]
    private partial void NotTold(WatchKey key, string reason);
}
