using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Watching.Apart;

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
    private readonly WatchCall _call = new(parts);

    public async Task WakeAsync()
    {
        var due = await _call.DueAsync(CancellationToken.None);
        await Task.WhenAll(due.Select(WakeAsync));
    }

    // One service that can't be woken must not keep the others asleep, nor a node from being ready.
    private async Task WakeAsync(ServiceSlug service)
    {
        try
        {
            await GrainFactory.GetGrain<IServiceWatchGrain>(service.ToString()).WakeAsync();
        }
        catch (StoreUnavailableException)
        {
            // Each node tells so itself; the next call comes in a few seconds.
        }
        catch (Exception e)
        {
            NotWoken(e, service);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Service} could not be woken and is not watched")]
    private partial void NotWoken(Exception error, ServiceSlug service);
}
