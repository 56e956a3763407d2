namespace OutageAggregator.Server.Demo;

/// <summary>Writes a fortnight of made-up counts before the demo's clock starts: every service has a usual to be compared with.</summary>
internal sealed class DemoHistory(ICountStore counts, Catalog catalog, ClockSetting clock)
{
    private const int Days = 14;

    /// <returns>How many reports were made up.</returns>
    public async Task<int> MakeAsync(CancellationToken cancellation)
    {
        var end = Minute.Of(clock.Start);
        var range = new MinuteRange((end - (Days * Minute.PerDay)).FloorTo(DemoNoise.SpanMinutes), end);
        var total = 0;
        foreach (var service in DemoWorld.Of(catalog))
        {
            foreach (var (key, cells) in Count(service, range))
            {
                await counts.ImportAsync(key, cells, cancellation);
                total += cells.Sum(c => c.Count);
            }
        }
        await counts.ObserveAsync(range, cancellation);
        await counts.ObserveAsync(end.Start, cancellation);
        return total;
    }

    private static IEnumerable<(WatchKey Key, List<CellCount> Cells)> Count(DemoNoise service, MinuteRange range)
    {
        var reports = new List<DemoReport>();
        for (var span = range.From; span < range.To; span += DemoNoise.SpanMinutes)
            reports.AddRange(service.Draw(span));
        return reports
            .Where(r => range.Contains(Minute.Of(r.At)))
            .GroupBy(r => r.Key)
            .Select(watch => (watch.Key, watch
                .GroupBy(r => (Minute: Minute.Of(r.At), r.Cell))
                .Select(g => new CellCount(g.Key.Minute, g.Key.Cell, g.Count()))
                .ToList()));
    }
}
