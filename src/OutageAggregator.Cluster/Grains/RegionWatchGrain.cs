using System.Runtime.CompilerServices;
using Orleans.Placement;

namespace OutageAggregator.Cluster.Grains;

/// <summary>The watch of a region of a service; its key is <c>service/region</c>.</summary>
[Alias("region-watch")]
internal interface IRegionWatchGrain : IGrainWithStringKey
{
    /// <summary>Stores a batch and takes it into the window. The same batch again counts nothing.</summary>
    [Alias("record")]
    ValueTask<RecordAnswer> RecordAsync([Immutable] ReportBatch batch);

    /// <summary>A minute was changed in the store: a report was taken back.</summary>
    [Alias("changed")]
    Task ChangedAsync(Minute minute);

    /// <summary>Closes minutes for its service's watch; null where the store can't be read. Whoever got no answer may ask again.</summary>
    [Alias("close")]
    [return: Immutable]
    Task<IReadOnlyList<RegionReading>?> CloseAsync([Immutable] ClosingMinutes minutes);
}

/// <summary>
/// Hosts the watch of a region: takes reports in and holds the sliding window. It keeps nothing that the stores don't hold: wherever it is
/// activated, it is restored from them.
/// </summary>
[HashBasedPlacement]
internal sealed class RegionWatchGrain(HostParts parts, WatchGrains watches) : Grain, IRegionWatchGrain
{
    private RegionHost? _host;
    private bool _hasJoined;

    private WatchKey Key => WatchKey.Parse(this.GetPrimaryKeyString());

    private IServiceWatchGrain Service => watches.Of(Key.Service);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordAnswer> RecordAsync(ReportBatch batch)
    {
        try
        {
            var host = _host ?? await LoadAsync(await JoinAsync());
            if (!_hasJoined || host.IsLeftAlone)
                _ = await JoinAsync();
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
            // Its service's watch knows it already. Where Orleans is ending that watch, it waits for this answer and lets nobody join before.
            var host = _host ?? await LoadAsync(new JoinPoint(minutes.From, minutes.Mode));
            return await host.CloseAsync(minutes, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    // Not as it is activated: while the store is away Orleans would tell of each attempt as of an error of its own.
    private async Task<RegionHost> LoadAsync(JoinPoint joined) => _host = await RegionHost.LoadAsync(Key, joined, parts, CancellationToken.None);

    private async Task<JoinPoint> JoinAsync()
    {
        var joined = await Service.JoinAsync(Key.Region);
        _hasJoined = true;
        return joined;
    }
}

/// <summary>
/// What became of a batch: a store that can't be used is an answer like any other, which costs no exception on its way through the cluster.
/// </summary>
/// <param name="Receipt">The store's answer, or null.</param>
/// <param name="Trouble">Why there is none.</param>
[GenerateSerializer, Immutable, Alias("record-answer")]
internal sealed record RecordAnswer([property: Id(0)] BatchReceipt? Receipt, [property: Id(1)] string? Trouble);
