using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>
/// Counts in SQLite. Writes go to the one writer (<see cref="GroupWriter"/>) and are answered when they are on disk; reads see the last
/// commit. The sum of all regions is computed from theirs whenever it is read.
/// </summary>
public sealed class SqliteCountStore(SqliteStorage storage) : ICountStore
{
    // The regions of one service, found one after the other at the edges of the key's tree instead of by reading all its hours.
    private const string RegionsOf = """
        WITH RECURSIVE regions (region) AS (
            SELECT min(region) FROM {0} WHERE service = ?1
            UNION ALL
            SELECT (SELECT min(region) FROM {0} WHERE service = ?1 AND region > regions.region) FROM regions WHERE region IS NOT NULL)
        """;

    private static readonly string s_hoursOfRegion =
        "SELECT region, hour, cells FROM hours WHERE service = ?1 AND hour >= ?2 AND hour < ?3 AND region = ?4";

    private static readonly string s_hoursOfWorld = RegionsOf.Replace("{0}", "hours", StringComparison.Ordinal) + """
         SELECT h.region, h.hour, h.cells FROM regions CROSS JOIN hours h
        ON h.service = ?1 AND h.region = regions.region AND h.hour >= ?2 AND h.hour < ?3
        """;

    private static readonly string s_sketchesOfRegion =
        "SELECT sketch FROM reporter_sketches WHERE service = ?1 AND quarter >= ?2 AND quarter < ?3 AND region = ?4";

    private static readonly string s_sketchesOfWorld = RegionsOf.Replace("{0}", "reporter_sketches", StringComparison.Ordinal) + """
         SELECT s.sketch FROM regions CROSS JOIN reporter_sketches s
        ON s.service = ?1 AND s.region = regions.region AND s.quarter >= ?2 AND s.quarter < ?3
        """;

    public Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return cancellation.IsCancellationRequested
            ? Task.FromCanceled<BatchReceipt>(cancellation)
            : storage.WriteAsync(() => storage.Counts.Append(batch));
    }

    public Task<Withdrawal?> WithdrawAsync(ReportId id, CancellationToken cancellation) =>
        storage.WriteAsync(() => storage.Counts.Withdraw(id));

    public Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(
        WatchKey key, Minute from, Minute to, int stepMinutes, CellFilter filter, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMinutes, 1);
        var sums = new CountSums(from, to);
        return storage.ReadAsync(
            connection =>
            {
                var spans = new Dictionary<int, MinuteCounts>();
                using var rows = HoursOf(connection, key, sums);
                for (var cells = new HourCells(); NextHour(rows, cells, out var hour);)
                    sums.AddTo(spans, stepMinutes, filter, hour, cells);
                return CountSums.ToSeries(spans);
            },
            cancellation);
    }

    public Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        return storage.ReadAsync(
            connection =>
            {
                var totals = new int[ReportCell.Count];
                using var rows = HoursOf(connection, key, sums);
                for (var cells = new HourCells(); NextHour(rows, cells, out var hour);)
                    sums.AddTo(totals, hour, cells);
                return CountSums.ToFacets(totals);
            },
            cancellation);
    }

    public Task<IReadOnlyList<RegionTotal>> ReadRegionsAsync(ServiceSlug service, Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        return storage.ReadAsync<IReadOnlyList<RegionTotal>>(
            connection =>
            {
                using var rows = HoursOf(connection, new WatchKey(service, Region.World), sums);
                return [.. TotalsBy(rows, sums).Select(t => new RegionTotal(Region.Parse(t.Key), t.Value)).OrderBy(t => t.Region)];
            },
            cancellation);
    }

    public Task<IReadOnlyList<ServiceTotal>> ReadServicesAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        return storage.ReadAsync<IReadOnlyList<ServiceTotal>>(
            connection =>
            {
                using var rows = connection.Prepare("SELECT service, hour, cells FROM hours WHERE hour >= ? AND hour < ?")
                    .With(sums.FirstHour).With(sums.EndHour);
                return [.. TotalsBy(rows, sums).Select(t => new ServiceTotal(ServiceSlug.Parse(t.Key), t.Value)).OrderBy(t => t.Service)];
            },
            cancellation);
    }

    public Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation) =>
        storage.ReadAsync(
            connection =>
            {
                var union = new ReporterSketch();
                var (first, end) = ReceiptRules.Quarters(from, to);
                using var rows = Of(connection, key, s_sketchesOfRegion, s_sketchesOfWorld, first, end);
                while (rows.Step())
                    union.UnionWith(ReporterSketch.Unpack(rows.Blob(0)));
                return union.Estimate();
            },
            cancellation);

    public Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ReceiptRules.ThrowIfNotImportable(key, counts);
        return storage.WriteAsync(() =>
        {
            storage.Counts.Import(key, counts);
            return true;
        });
    }

    public Task ObserveAsync(DateTimeOffset now, CancellationToken cancellation) => storage.WriteAsync(() =>
    {
        storage.Counts.Observe(now);
        return true;
    });

    public Task ObserveAsync(MinuteRange range, CancellationToken cancellation) => storage.WriteAsync(() =>
    {
        storage.Counts.Observe(range);
        return true;
    });

    public Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation) =>
        storage.ReadAsync<IReadOnlyList<MinuteRange>>(
            connection =>
            {
                var stretches = new List<MinuteRange>();
                using var rows = connection.Prepare("SELECT from_minute, to_minute FROM observed WHERE from_minute < ? AND to_minute > ? ORDER BY 1")
                    .With(to.Number).With(from.Number);
                while (rows.Step())
                {
                    var clipped = new MinuteRange(
                        Minute.Max(new Minute((int)rows.Integer(0)), from), Minute.Min(new Minute((int)rows.Integer(1)), to));
                    if (clipped.Length > 0)
                        stretches.Add(clipped);
                }
                return stretches;
            },
            cancellation);

    public Task<DateTimeOffset?> LastObservedAsync(CancellationToken cancellation) => storage.ReadAsync<DateTimeOffset?>(
        connection =>
        {
            using var row = connection.Prepare("SELECT observed_at FROM clock");
            return row.Step() ? DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(0)) : null;
        },
        cancellation);

    public Task<IReadOnlyList<WatchKey>> ReadKeysAsync(Minute from, CancellationToken cancellation)
    {
        var sums = new CountSums(from, new Minute(int.MaxValue - HourCells.Minutes));
        return storage.ReadAsync<IReadOnlyList<WatchKey>>(
            connection =>
            {
                // The first hour may hold nothing at or after the minute; of the later ones the key says enough.
                var keys = new HashSet<WatchKey>();
                using (var later = connection.Prepare("SELECT DISTINCT service, region FROM hours WHERE hour > ?").With(sums.FirstHour))
                {
                    while (later.Step())
                        keys.Add(Rows.Key(later, 0));
                }
                using (var first = connection.Prepare("SELECT service, region, cells FROM hours WHERE hour = ?").With(sums.FirstHour))
                {
                    for (var cells = new HourCells(); first.Step();)
                    {
                        cells.Unpack(first.Blob(2));
                        if (!sums.Of(sums.FirstHour, cells).IsEmpty)
                            keys.Add(Rows.Key(first, 0));
                    }
                }
                return [.. keys.OrderBy(k => k.Service).ThenBy(k => k.Region)];
            },
            cancellation);
    }

    private static Statement HoursOf(Connection connection, WatchKey key, CountSums sums) =>
        Of(connection, key, s_hoursOfRegion, s_hoursOfWorld, sums.FirstHour, sums.EndHour);

    private static Statement Of(Connection connection, WatchKey key, string ofRegion, string ofWorld, int first, int end)
    {
        var isWorld = key.Region == Region.World;
        var rows = connection.Prepare(isWorld ? ofWorld : ofRegion).With(key.Service.ToString()).With(first).With(end);
        return isWorld ? rows : rows.With(key.Region.ToString());
    }

    private static bool NextHour(Statement rows, HourCells cells, out int hour)
    {
        hour = 0;
        if (!rows.Step())
            return false;
        hour = (int)rows.Integer(1);
        cells.Unpack(rows.Blob(2));
        return true;
    }

    private static Dictionary<string, MinuteCounts> TotalsBy(Statement rows, CountSums sums)
    {
        var totals = new Dictionary<string, MinuteCounts>(StringComparer.Ordinal);
        for (var cells = new HourCells(); NextHour(rows, cells, out var hour);)
        {
            var counts = sums.Of(hour, cells);
            if (counts.IsEmpty)
                continue;
            var name = rows.Text(0);
            totals[name] = totals.GetValueOrDefault(name) + counts;
        }
        return totals;
    }
}
