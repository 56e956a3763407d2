namespace OutageAggregator.Storage;

/// <summary>A store that keeps counts by the hour. It hands in the hours of a stretch; what is asked of them is summed here.</summary>
public abstract class HourlyCounts : ICountStore
{
    public abstract Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation);
    public abstract Task<Withdrawal?> WithdrawAsync(ReportId id, CancellationToken cancellation);
    public abstract Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation);
    public abstract Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation);
    public abstract Task ObserveAsync(DateTimeOffset now, CancellationToken cancellation);
    public abstract Task ObserveAsync(MinuteRange range, CancellationToken cancellation);
    public abstract Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation);
    public abstract Task<DateTimeOffset?> LastObservedAsync(CancellationToken cancellation);
    public abstract Task<IReadOnlyList<ServiceSlug>> ReadReportedSinceAsync(Minute from, CancellationToken cancellation);

    public async Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(
        WatchKey key, Minute from, Minute to, int stepMinutes, CellFilter filter, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMinutes, 1);
        var spans = new Dictionary<int, MinuteCounts>();
        await VisitAsync(
            key, from, to, stepMinutes, (_, sums, hour, cells) => sums.AddTo(spans, stepMinutes, filter, hour, cells), cancellation);
        return [.. spans.OrderBy(s => s.Key).Select(s => new SeriesPoint(new Minute(s.Key), s.Value))];
    }

    public async Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var totals = new int[ReportCell.Count];
        await VisitAsync(key, from, to, stepMinutes: 0, (_, sums, hour, cells) => sums.AddTo(totals, hour, cells), cancellation);
        return [.. totals.Select((count, number) => new CellTotal(new ReportCell((byte)number), count)).Where(t => t.Count > 0)];
    }

    public async Task<IReadOnlyList<RegionTotal>> ReadRegionsAsync(
        ServiceSlug service, Minute from, Minute to, CancellationToken cancellation) =>
    [
        .. (await SumAsync(new WatchKey(service, Region.World), from, to, key => key.Region, cancellation))
            .Select(t => new RegionTotal(t.Key, t.Value)),
    ];

    public async Task<IReadOnlyList<ServiceTotal>> ReadServicesAsync(Minute from, Minute to, CancellationToken cancellation) =>
        [.. (await SumAsync(null, from, to, key => key.Service, cancellation)).Select(t => new ServiceTotal(t.Key, t.Value))];

    /// <summary>Visits the hours of a stretch that have counts, each once, in no order and one after the other.</summary>
    /// <param name="key">Of one region, of all of a service, or (null) of all services.</param>
    /// <param name="from">The first minute.</param>
    /// <param name="to">The minute after the last one.</param>
    /// <param name="stepMinutes">Minutes that need not be told apart: where they divide by it; 0 where none need.</param>
    /// <param name="visit">Told the region, what sums the stretch, the hour, and its cells.</param>
    /// <param name="cancellation">Gives up the reading.</param>
    private protected abstract Task VisitAsync(
        WatchKey? key, Minute from, Minute to, int stepMinutes, Action<WatchKey, CountSums, int, HourCells> visit,
        CancellationToken cancellation);

    private async Task<IEnumerable<KeyValuePair<T, MinuteCounts>>> SumAsync<T>(
        WatchKey? key, Minute from, Minute to, Func<WatchKey, T> by, CancellationToken cancellation)
        where T : notnull
    {
        var totals = new SortedDictionary<T, MinuteCounts>();
        await VisitAsync(
            key, from, to, stepMinutes: 0,
            (kept, sums, hour, cells) => totals[by(kept)] = totals.GetValueOrDefault(by(kept)) + sums.Of(hour, cells), cancellation);
        return totals.Where(t => !t.Value.IsEmpty);
    }
}
