namespace OutageAggregator.Cluster.Grains;

/// <summary>
/// References to the watches, each made once: Orleans reads the attributes of a grain's interface anew for each reference it makes, which
/// costs more than a call. The catalog bounds how many there are.
/// </summary>
internal sealed class WatchGrains(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<WatchKey, IRegionWatchGrain> _regions = new();
    private readonly ConcurrentDictionary<ServiceSlug, IServiceWatchGrain> _services = new();

    /// <summary>References to any other grain.</summary>
    public IGrainFactory Others => grains;

    public IWakeUpGrain WakeUp { get; } = grains.GetGrain<IWakeUpGrain>(0);

    public IRegionWatchGrain Of(WatchKey key) =>
        _regions.GetOrAdd(key, static (key, grains) => grains.GetGrain<IRegionWatchGrain>(key.ToString()), grains);

    public IServiceWatchGrain Of(ServiceSlug service) =>
        _services.GetOrAdd(service, static (service, grains) => grains.GetGrain<IServiceWatchGrain>(service.ToString()), grains);
}
