namespace OutageAggregator.Runtime.Watching;

/// <summary>What the hosts of watches are made of, the same for all of them on a node.</summary>
/// <param name="Counts">The counts that all nodes share.</param>
/// <param name="Loader">Restores watches from the stores.</param>
/// <param name="Runner">Plans, persists, commits.</param>
/// <param name="Observer">Knows in which minutes reports could be taken.</param>
/// <param name="Clock">The product's clock, which may be simulated.</param>
/// <param name="Settings">How services are watched.</param>
public sealed record HostParts(
    ICountStore Counts, WatchLoader Loader, WatchRunner Runner, MinuteObserver Observer, TimeProvider Clock, WatchSettings Settings);
