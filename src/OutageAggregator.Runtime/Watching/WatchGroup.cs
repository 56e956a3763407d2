using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// The watches of one service in this process, and the lock that lets one caller in at a time. Minutes are closed by the ticker
/// only, one after the other; reports come from anywhere.
/// </summary>
internal sealed class WatchGroup(ServiceWatch service, IEnumerable<RegionWatch> regions, WatchLoader loader)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Region, RegionWatch> _regions = regions.ToDictionary(r => r.Key.Region);
    private readonly Dictionary<Region, Task> _loading = [];

    /// <summary>The first minute that is not closed.</summary>
    internal Minute End => Standing().End;

    /// <summary>
    /// Completes when the region has a watch. To be awaited before its counts are stored: a watch that is loaded later would
    /// find them in the store and be told of them, too.
    /// </summary>
    internal Task EnsureAsync(Region region)
    {
        lock (_gate)
        {
            if (_regions.ContainsKey(region))
                return Task.CompletedTask;
            if (!_loading.TryGetValue(region, out var loading) || loading.IsFaulted)
                _loading[region] = loading = LoadAsync(region);
            return loading;
        }
    }

    /// <summary>Takes stored counts into a region's window.</summary>
    internal void Record(Region region, Minute minute, MinuteCounts counts)
    {
        lock (_gate)
            _regions[region].Record(minute, counts);
    }

    /// <summary>Takes what was counted of a stored batch into its region's window.</summary>
    internal void Record(ReportBatch batch, IReadOnlyList<Receipt> receipts)
    {
        lock (_gate)
            _regions[batch.Key.Region].Record(batch, receipts);
    }

    /// <summary>Closes all minutes before <paramref name="end"/> and logs what follows from them.</summary>
    /// <param name="runner">Plans, persists, commits.</param>
    /// <param name="end">The minute that is going on.</param>
    /// <param name="gap">Minutes in which nothing could be reported.</param>
    /// <param name="cancellation">Ends the wait for the log.</param>
    internal async Task TickAsync(WatchRunner runner, Minute end, MinuteRange gap, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (service.End < end)
            {
                var observed = !gap.Contains(service.End);
                foreach (var region in _regions.Values)
                    service.Take(region.Close(observed));
                service.Close(observed);
            }
        }
        if (!await runner.RunAsync(service, _gate, cancellation))
            return;
        lock (_gate)
        {
            foreach (var region in _regions.Values)
                region.Follow(service.Mode);
        }
    }

    private async Task LoadAsync(Region region)
    {
        // Off the caller's lock before the store is asked.
        await Task.Yield();
        var (end, mode) = Standing();
        var watch = await loader.LoadRegionAsync(new WatchKey(service.Service, region), end, mode, CancellationToken.None);
        lock (_gate)
        {
            // Minutes the others closed meanwhile.
            while (watch.End < service.End)
                _ = watch.Close(observed: true);
            watch.Follow(service.Mode);
            _regions[region] = watch;
            _ = _loading.Remove(region);
        }
    }

    private (Minute End, WatchMode Mode) Standing()
    {
        lock (_gate)
            return (service.End, service.Mode);
    }
}
