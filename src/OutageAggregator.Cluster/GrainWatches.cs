using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace OutageAggregator.Cluster;

/// <summary>
/// The watches as grains, wherever in the cluster they are. A call that gets lost with a node is made again with the same batch, which
/// counts once, until another node has taken the grain over.
/// </summary>
internal sealed partial class GrainWatches : IWatches
{
    /// <summary>How long one call to a grain may take.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(ClusterSettings.CallSeconds);

    // A killed node is noticed in about four seconds. The balancer waits for fifteen, of which the intake's second attempt takes one and
    // the situation in the answer another. A call that got no answer is made once more in any case: a busy node may find out late that its
    // time is over. Where that is too late for the balancer, it answers 504, and whoever reports again is counted once.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(11) - CallTimeout;

    // A node that leaves has ten seconds, and its callers may come again to another one. As long as it may take to finish what it took in.
    private static readonly TimeSpan s_patienceOfOneThatLeaves = TimeSpan.FromSeconds(4);

    // A grain that moves is elsewhere at once. While a node is lost nothing but time helps, and each call that finds it gone takes its
    // share of the processor from the nodes that take its watches over.
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(400);

    private const long QuietMilliseconds = 30_000;

    private readonly Silo _silo;
    private readonly ICountStore _counts;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger _logger;
    private readonly Histogram<double>? _callTime;
    private long _calls;
    private long _toldAt = -QuietMilliseconds;

    public GrainWatches(Silo silo, ICountStore counts, IHostApplicationLifetime lifetime, ILogger<GrainWatches> logger, IMeterFactory? meters = null)
    {
        (_silo, _counts, _lifetime, _logger) = (silo, counts, lifetime, logger);
        if (meters.OfOutages() is not { } meter)
            return;
        _callTime = meter.CreateHistogram<double>("outage.grain.call.duration", "s", "Time of one call to the watches of a region, lost ones included.");
        _ = meter.CreateObservableCounter(
            "outage.grain.calls", () => Interlocked.Read(ref _calls), "{call}", "Calls of this node to the watches of regions: one a batch, and one more where it was lost.");
    }

    public TimeSpan Spacing => _silo.Spacing;

    public async Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var answer = await CallAsync(batch.Key, batch, static (grain, batch) => grain.RecordAsync(batch), cancellation);
        return answer.Receipt ?? throw new StoreUnavailableException(answer.Trouble ?? "The store did not answer.");
    }

    public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation)
    {
        if (await _counts.WithdrawAsync(id, cancellation) is not { } withdrawal)
            return false;
        if (withdrawal.Report.Cell.IsLate)
            return true;
        // Also where it was taken back before: that answer may have been lost on its way, and the watch with it was never told. It only
        // reads again.
        try
        {
            _ = await CallAsync(withdrawal.Key, withdrawal.Report.At, ChangedAsync, cancellation);
        }
        catch (StoreUnavailableException e)
        {
            // It is taken back; the watch reads so when it is loaded the next time.
            NotTold(withdrawal.Key, e.Message);
        }
        return true;
    }

    public async Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation)
    {
        // Watches count reports, whatever their problem and surface: only a region's is told that loses or gets one. Also where it had
        // moved before, as with what is taken back.
        if (await _counts.AmendAsync(id, details, cancellation) is not { } amendment)
            return null;
        if (!amendment.IsMoved || amendment.Told.Report.Cell.IsLate)
            return amendment;
        try
        {
            _ = await CallAsync(amendment.From, amendment.Told.Report.At, ChangedAsync, cancellation);
            // Nobody may have reported from there before. Once it has joined, its service's watch asks for it, and it reads what is stored.
            _ = await CallAsync(amendment.Told.Key, (_silo.Grains.Of(amendment.Told.Key.Service), amendment), JoinAsync, cancellation);
        }
        catch (StoreUnavailableException e)
        {
            NotTold(amendment.Told.Key, e.Message);
        }
        return amendment;
    }

    private static async ValueTask<bool> JoinAsync(IRegionWatchGrain grain, (IServiceWatchGrain Service, Amendment Amendment) moved)
    {
        _ = await moved.Service.JoinAsync(moved.Amendment.Told.Key.Region);
        return await ChangedAsync(grain, moved.Amendment.Told.Report.At);
    }

    private static async ValueTask<bool> ChangedAsync(IRegionWatchGrain grain, Minute minute)
    {
        await grain.ChangedAsync(minute);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TAnswer> CallAsync<TAnswer, TArgument>(
        WatchKey key, TArgument argument, Func<IRegionWatchGrain, TArgument, ValueTask<TAnswer>> call, CancellationToken cancellation)
    {
        var grain = _silo.Grains.Of(key);
        var since = Stopwatch.GetTimestamp();
        var pause = s_shortestPause;
        for (var isAgain = false; ; isAgain = true)
        {
            var calledAt = Stopwatch.GetTimestamp();
            try
            {
                _ = Interlocked.Increment(ref _calls);
                return await call(grain, argument);
            }
            catch (Exception e) when (LostCalls.IsLost(e))
            {
                Tell(key, e);
                if (IsEnough(Stopwatch.GetElapsedTime(since), isAgain))
                    throw new StoreUnavailableException($"No node watches {key} at the moment ({e.GetType().Name}).", e);
            }
            finally
            {
                _callTime?.Record(Stopwatch.GetElapsedTime(calledAt).TotalSeconds);
            }
            await Task.Delay(pause, cancellation);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private bool IsEnough(TimeSpan passed, bool isAgain) =>
        _lifetime.ApplicationStopping.IsCancellationRequested ? passed > s_patienceOfOneThatLeaves : isAgain && passed > s_patience;

    // Twice a minute, and not of each of the hundreds of calls that find a node gone.
    private void Tell(WatchKey key, Exception failure)
    {
        var (now, toldAt) = (Environment.TickCount64, Volatile.Read(ref _toldAt));
        if (now - toldAt >= QuietMilliseconds && Interlocked.CompareExchange(ref _toldAt, now, toldAt) == toldAt)
            Lost(key, failure.GetType().Name);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch of {Key} did not answer ({Reason}). Its node may be gone: such calls are made again with the same batch until another node has it")]
    private partial void Lost(WatchKey key, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report of {Key} was taken back or moved, its watch was not told: {Reason}")]
    private partial void NotTold(WatchKey key, string reason);
}
