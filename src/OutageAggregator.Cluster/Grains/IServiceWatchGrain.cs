using Orleans.Concurrency;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Watching.Apart;

namespace OutageAggregator.Cluster.Grains;

/// <summary>The watch of a service, all regions together; its key is the service's slug.</summary>
[Alias("service-watch")]
internal interface IServiceWatchGrain : IGrainWithStringKey
{
    /// <summary>A region has a watch. It interleaves: a tick may be waiting for the very region that joins.</summary>
    [AlwaysInterleave, Alias("join")]
    Task<Standing> JoinAsync(Region region);

    /// <summary>Looks at the clock and closes what is over. It does so by itself every few seconds once it is activated.</summary>
    [Alias("tick")]
    Task TickAsync();

    /// <summary>Loads it where it is not. It interleaves: a tick may be waiting for a region that was lost with its node.</summary>
    [AlwaysInterleave, Alias("wake")]
    Task WakeAsync();
}
