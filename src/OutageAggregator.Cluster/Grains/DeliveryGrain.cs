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
internal sealed class DeliveryGrain(HostParts parts) : Grain, IDeliveryGrain
{
    private readonly WatchCall _call = new(parts);

    public async Task WakeAsync()
    {
        var due = await _call.DueAsync(CancellationToken.None);
        await Task.WhenAll(due.Select(service => GrainFactory.GetGrain<IServiceWatchGrain>(service.ToString()).WakeAsync()));
    }
}
