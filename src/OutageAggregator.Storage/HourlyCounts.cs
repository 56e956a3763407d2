namespace OutageAggregator.Storage;

/// <summary>What is asked of a store that keeps counts by the hour: it hands in the hours of a stretch, and they are summed here.</summary>
public abstract class HourlyCounts
{
    public async Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(
        WatchKey key, Minute from, Minute to, int stepMinutes, CellFilter filter, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMinutes, 1);
        var spans = new Dictionary<Minute, MinuteCounts>();
        await VisitAsync(key, new(from, to), stepMinutes, Add, cancellation);
        return [.. spans.OrderBy(s => s.Key).Select(s => new SeriesPoint(s.Key, s.Value))];

        void Add(WatchKey kept, IEnumerable<CellCount> hour)
        {
            foreach (var (minute, cell, count) in hour.Where(c => filter.Matches(c.Cell)))
                CollectionsMarshal.GetValueRefOrAddDefault(spans, minute.FloorTo(stepMinutes), out _) += MinuteCounts.Of(cell, count);
        }
    }

    public async Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var totals = new int[ReportCell.Count];
        await VisitAsync(key, new(from, to), step: 0, Add, cancellation);
        return [.. totals.Select((count, number) => new CellTotal(new ReportCell((byte)number), count)).Where(t => t.Count > 0)];

        void Add(WatchKey kept, IEnumerable<CellCount> hour)
        {
            foreach (var (_, cell, count) in hour)
                totals[cell.Number] += count;
        }
    }

    public async Task<IReadOnlyList<RegionTotal>> ReadRegionsAsync(
        ServiceSlug service, Minute from, Minute to, CancellationToken cancellation) =>
    [
        .. (await SumAsync(new WatchKey(service, Region.World), new(from, to), key => key.Region, cancellation))
            .Select(t => new RegionTotal(t.Key, t.Value)),
    ];

    public async Task<IReadOnlyList<ServiceTotal>> ReadServicesAsync(Minute from, Minute to, CancellationToken cancellation) =>
        [.. (await SumAsync(null, new(from, to), key => key.Service, cancellation)).Select(t => new ServiceTotal(t.Key, t.Value))];

    /// <summary>Visits the hours or days of a stretch that have counts, each once, in no order and one after the other.</summary>
    /// <param name="key">Of one region, of all of a service, or (null) of all services.</param>
    /// <param name="stretch">The minutes.</param>
    /// <param name="step">Minutes that need not be told apart: where they divide by it; 0 where none need.</param>
    /// <param name="visit">Told the region, and what was counted of the stretch in the hour.</param>
    /// <param name="cancellation">Gives up the reading.</param>
    private protected abstract Task VisitAsync(
        WatchKey? key, MinuteRange stretch, int step, Action<WatchKey, IEnumerable<CellCount>> visit, CancellationToken cancellation);

    private async Task<IEnumerable<KeyValuePair<T, MinuteCounts>>> SumAsync<T>(
        WatchKey? key, MinuteRange stretch, Func<WatchKey, T> by, CancellationToken cancellation)
        where T : notnull
    {
        var totals = new SortedDictionary<T, MinuteCounts>();
        await VisitAsync(key, stretch, step: 0, Add, cancellation);
        return totals.Where(t => !t.Value.IsEmpty);

        void Add(WatchKey kept, IEnumerable<CellCount> hour) => totals[by(kept)] =
            hour.Aggregate(totals.GetValueOrDefault(by(kept)), (sum, counted) => sum + MinuteCounts.Of(counted.Cell, counted.Count));
    }
}
