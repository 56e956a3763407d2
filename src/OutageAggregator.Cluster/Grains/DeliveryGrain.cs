using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Watching.Apart;
using OutageAggregator.Storage;

namespace OutageAggregator.Cluster.Grains;

/// <summary>What is done once in a cluster, by the one grain with the key 0.</summary>
[Alias("delivery")]
internal interface IDeliveryGrain : IGrainWithIntegerKey
{
    /// <summary>Wakes the watches that must be watching and may have been lost with their node: all nodes ask for it, every few seconds.</summary>
    /// <exception cref="StoreUnavailableException">The stores can't be read now.</exception>
    [Alias("wake")]
    Task WakeAsync();
}

/// <inheritdoc />
internal sealed partial class DeliveryGrain(HostParts parts, ILogger<DeliveryGrain> logger) : Grain, IDeliveryGrain
{
    // Each reads four weeks of its service from Redis: after a restart of the whole cluster there are as many as the catalog has.
    private const int MostAtOnce = 32;

    private readonly WatchCall _call = new(parts);

    public async Task WakeAsync()
    {
        var due = await _call.DueAsync(CancellationToken.None);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, TaskScheduler = TaskScheduler.Current }, (service, _) => WakeAsync(service));
    }

    // One service that can't be woken must not keep the others asleep, nor a node from being ready.
    private async ValueTask WakeAsync(ServiceSlug service)
    {
        try
        {
            await GrainFactory.GetGrain<IServiceWatchGrain>(service.ToString()).WakeAsync();
        }
        catch (Exception e) when (e is StoreUnavailableException or OrleansException or TimeoutException)
        {
            // The store is away, or the node that it was on: all nodes tell so themselves, and the next call comes in a few seconds.
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
