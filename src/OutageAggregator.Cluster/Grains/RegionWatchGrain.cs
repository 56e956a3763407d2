using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Watching.Apart;

namespace OutageAggregator.Cluster.Grains;

/// <summary>Hosts the watch of a region. It keeps nothing that the stores don't hold: wherever it is activated, it is restored from them.</summary>
internal sealed class RegionWatchGrain(HostParts parts) : Grain, IRegionWatchGrain
{
    private RegionHost _host = null!;

    private WatchKey Key => WatchKey.Parse(this.GetPrimaryKeyString());

    private IServiceWatchGrain Service => GrainFactory.GetGrain<IServiceWatchGrain>(Key.Service.ToString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        _host = await RegionHost.LoadAsync(Key, await Service.JoinAsync(Key.Region), parts, cancellationToken);

    public async Task<RecordAnswer> RecordAsync(ReportBatch batch)
    {
        try
        {
            if (_host.IsLeftAlone)
                _ = await Service.JoinAsync(Key.Region);
            return new RecordAnswer(await _host.RecordAsync(batch, CancellationToken.None), Trouble: null);
        }
        catch (StoreUnavailableException e)
        {
            return new RecordAnswer(Receipt: null, e.Message);
        }
    }

    public Task ChangedAsync(Minute minute)
    {
        _host.Changed(minute);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<RegionReading>?> CloseAsync(ClosingMinutes minutes) => _host.CloseAsync(minutes, CancellationToken.None);
}
