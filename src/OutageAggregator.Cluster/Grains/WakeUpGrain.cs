using Orleans.Concurrency;

namespace OutageAggregator.Cluster.Grains;

/// <summary>Wakes the watches that must be watching. What is done once in a cluster is done by the one grain with the key 0.</summary>
[Alias("wake-up")]
internal interface IWakeUpGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Begins to wake the watches that must be watching and may have been lost with their node, and does not wait for them: all nodes ask
    /// for it, every few seconds.
    /// </summary>
    [Alias("wake")]
    Task WakeAsync();

    /// <summary>Completes when those that it began to wake are there. It interleaves: it takes as long as that takes.</summary>
    [AlwaysInterleave, Alias("woken")]
    Task WokenAsync();
}

/// <inheritdoc />
internal sealed partial class WakeUpGrain(DueServices due, WatchGrains watches, ISiloStatusOracle silos, TimeProvider time, ILogger<WakeUpGrain> logger) : Grain, IWakeUpGrain
{
    // Each reads four weeks of its service from the store and works through them: more at once would keep the processor from reports.
    private const int MostAtOnce = 8;

    // A watch that is there hears nothing new. One that was lost without its node is found after so long.
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private Task _waking = Task.CompletedTask;
    private long? _wokenAt;
    private string _nodes = "";

    public Task WakeAsync()
    {
        var nodes = string.Join(' ', silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order());
        if (_waking.IsCompleted && (_wokenAt is not { } at || nodes != _nodes || time.GetElapsedTime(at) >= s_pause))
        {
            // Noted before: it may fail at once, and then the next call tries again.
            (_wokenAt, _nodes) = (time.GetTimestamp(), nodes);
            _waking = WakeAllAsync();
        }
        return Task.CompletedTask;
    }

    public Task WokenAsync() => _waking;

    private async Task WakeAllAsync()
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, TaskScheduler = TaskScheduler.Current };
            await Parallel.ForEachAsync(await due.ReadAsync(CancellationToken.None), options, (service, _) => WakeAsync(service));
        }
        catch (StoreUnavailableException)
        {
            // All nodes tell so themselves.
            _wokenAt = null;
        }
    }

    // One service that can't be woken must not keep the others asleep.
    private async ValueTask WakeAsync(ServiceSlug service)
    {
        try
        {
            await watches.Of(service).WakeAsync();
        }
        catch (Exception e) when (e is StoreUnavailableException || LostCalls.IsLost(e))
        {
            // The store is away, or the node that it was on: the next call comes in a few seconds.
            _wokenAt = null;
            NotNow(service, e.Message);
        }
        catch (Exception e)
        {
            NotWoken(e, service);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Service} could not be woken now: {Reason}")]
    private partial void NotNow(ServiceSlug service, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Service} could not be woken and is not watched")]
    private partial void NotWoken(Exception error, ServiceSlug service);
}
