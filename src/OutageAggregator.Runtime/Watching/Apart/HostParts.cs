using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Watching.Apart;

/// <summary>What the hosts of watches are made of, the same on every node.</summary>
/// <param name="Counts">The counts that all nodes share.</param>
/// <param name="Loader">Restores watches from the stores.</param>
/// <param name="Runner">Plans, persists, commits.</param>
/// <param name="Clock">The clock of what is reported, which may be simulated.</param>
/// <param name="Settings">How services are watched.</param>
public sealed record HostParts(ICountStore Counts, WatchLoader Loader, WatchRunner Runner, TimeProvider Clock, WatchSettings Settings);
