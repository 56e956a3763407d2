using Orleans.Concurrency;
using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Cluster.Grains;

/// <summary>The watch of a service, all regions together: it holds the incident. Its key is the service's slug.</summary>
[Alias("service-watch")]
internal interface IServiceWatchGrain : IGrainWithStringKey
{
    /// <summary>A region has a watch. It interleaves: a tick may be waiting for the very region that joins.</summary>
    [AlwaysInterleave, Alias("join")]
    Task<JoinPoint> JoinAsync(Region region);

    /// <summary>Looks at the clock and closes what is over. Its node asks for it every few seconds once it is activated.</summary>
    [Alias("tick")]
    Task TickAsync();

    /// <summary>The same for the candidate detector beside it, which must not hold it up: it interleaves.</summary>
    [AlwaysInterleave, Alias("tick-candidate")]
    Task TickCandidateAsync();

    /// <summary>
    /// Loads it where it is not. It interleaves: a tick may be waiting for a region that was lost with its node. It takes as long as the store
    /// and the processor need for four weeks of a service; nobody but the one who wakes waits for it.
    /// </summary>
    [AlwaysInterleave, ResponseTimeout("00:05:00"), Alias("wake")]
    Task WakeAsync();
}
