using OutageAggregator.Core.Watching;
using OutageAggregator.Runtime.Watching;

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

    /// <summary>Closes minutes for its service's watch; null where the store can't be read.</summary>
    [Alias("close")]
    [return: Immutable]
    Task<IReadOnlyList<RegionReading>?> CloseAsync([Immutable] ClosingMinutes minutes);
}

/// <summary>
/// What became of a batch: a store that can't be used is an answer like any other, which costs no exception on its way through the cluster.
/// </summary>
/// <param name="Receipt">The store's answer, or null.</param>
/// <param name="Trouble">Why there is none.</param>
[GenerateSerializer, Immutable, Alias("record-answer")]
internal sealed record RecordAnswer([property: Id(0)] BatchReceipt? Receipt, [property: Id(1)] string? Trouble);
