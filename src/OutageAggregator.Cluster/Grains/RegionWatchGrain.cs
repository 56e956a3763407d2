using System.Runtime.CompilerServices;
using Orleans.Placement;
using OutageAggregator.Core.Watching;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;

namespace OutageAggregator.Cluster.Grains;

/// <summary>
/// Hosts the watch of a region: takes reports in and holds the sliding window. It keeps nothing that the stores don't hold: wherever it is
/// activated, it is restored from them.
/// </summary>
[HashBasedPlacement]
internal sealed class RegionWatchGrain(HostParts parts, WatchGrains watches) : Grain, IRegionWatchGrain
{
    private RegionHost? _host;

    private WatchKey Key => WatchKey.Parse(this.GetPrimaryKeyString());

    private IServiceWatchGrain Service => watches.Of(Key.Service);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordAnswer> RecordAsync(ReportBatch batch)
    {
        try
        {
            var host = await HostAsync();
            if (host.IsLeftAlone)
                _ = await Service.JoinAsync(Key.Region);
            return new RecordAnswer(await host.RecordAsync(batch, CancellationToken.None), Trouble: null);
        }
        catch (StoreUnavailableException e)
        {
            return new RecordAnswer(Receipt: null, e.Message);
        }
    }

    public Task ChangedAsync(Minute minute)
    {
        // One that is not loaded will read it so.
        _host?.Changed(minute);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<RegionReading>?> CloseAsync(ClosingMinutes minutes)
    {
        try
        {
            return await (await HostAsync()).CloseAsync(minutes, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    // Not as it is activated: while the store is away Orleans would tell of each attempt as of an error of its own.
    private async ValueTask<RegionHost> HostAsync() => _host ??= await RegionHost.LoadAsync(Key, await Service.JoinAsync(Key.Region), parts, CancellationToken.None);
}
