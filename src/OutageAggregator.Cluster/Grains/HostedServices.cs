namespace OutageAggregator.Cluster.Grains;

/// <summary>
/// The services whose watches are on this node: it has them look at the clock. Grain timers would do so by the machine's clock, and a tick
/// of many services by them costs several times as much.
/// </summary>
internal sealed class HostedServices
{
    // A tick that waits for a store must not keep those of other services back, and not all may ask the store at once.
    private const int MostAtOnce = 32;

    private readonly ConcurrentDictionary<ServiceSlug, IServiceWatchGrain> _watches = new();

    public void Add(ServiceSlug service, IServiceWatchGrain watch) => _watches[service] = watch;

    public void Remove(ServiceSlug service) => _watches.TryRemove(service, out _);

    /// <summary>Calls each watch, a few at a time. A call that gets lost with a node is made again at the next look.</summary>
    public Task EachAsync(Func<IServiceWatchGrain, Task> call, CancellationToken cancellation) => Parallel.ForEachAsync(
        _watches.Values,
        new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation },
        async (watch, _) =>
        {
            try
            {
                await call(watch);
            }
            catch (Exception e) when (LostCalls.IsLost(e))
            {
                // It is on its way to another node, or takes its time.
            }
        });
}
