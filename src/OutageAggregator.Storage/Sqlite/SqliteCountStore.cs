using OutageAggregator.Core.Windows;
using OutageAggregator.Storage.Sqlite.Database;
using OutageAggregator.Storage.Sqlite.Tables;

namespace OutageAggregator.Storage.Sqlite;

/// <summary>
/// Counts in SQLite. Writes go to the one writer (<see cref="GroupWriter"/>) and are answered when they are on disk; reads see the last
/// commit. The sum of all regions is computed from theirs whenever it is read.
/// </summary>
public sealed class SqliteCountStore(SqliteStorage storage) : ICountStore
{
    // Rows lie by hour first. The hours of a stretch are counted off, within what there is, and each looked up.
    private const string Hours = """
        WITH RECURSIVE asked (hour) AS (
            SELECT max(?2, (SELECT min(hour) FROM hours))
            UNION ALL
            SELECT hour + 1 FROM asked WHERE hour + 1 < min(?3, (SELECT max(hour) + 1 FROM hours)))
        SELECT h.hour, region, cells FROM asked CROSS JOIN hours h ON h.hour = asked.hour AND h.hour < ?3 AND service = ?1
        """;

    private const string HoursOfRegion = Hours + " AND region = ?4";

    private const string HoursOfAll = "SELECT hour, region, cells, service FROM hours WHERE hour >= ? AND hour < ?";

    private const string Sketches = """
        WITH RECURSIVE asked (quarter) AS (
            SELECT max(?2, (SELECT min(quarter) FROM reporter_sketches))
            UNION ALL
            SELECT quarter + 1 FROM asked WHERE quarter + 1 < min(?3, (SELECT max(quarter) + 1 FROM reporter_sketches)))
        SELECT s.quarter, region, sketch FROM asked CROSS JOIN reporter_sketches s ON s.quarter = asked.quarter AND s.quarter < ?3 AND service = ?1
        """;

    private const string SketchesOfRegion = Sketches + " AND region = ?4";

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
        var spans = new Dictionary<int, MinuteCounts>();
        return ReadHoursAsync(
            key,
            sums,
            (row, cells) => sums.AddTo(spans, stepMinutes, filter, row.Span, cells),
            () => CountSums.ToSeries(spans),
            cancellation);
    }

    public Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        var totals = new int[ReportCell.Count];
        return ReadHoursAsync(
            key, sums, (row, cells) => sums.AddTo(totals, row.Span, cells), () => CountSums.ToFacets(totals), cancellation);
    }

    public Task<IReadOnlyList<RegionTotal>> ReadRegionsAsync(ServiceSlug service, Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        var totals = new SortedDictionary<Region, MinuteCounts>();
        return ReadHoursAsync<IReadOnlyList<RegionTotal>>(
            new WatchKey(service, Region.World),
            sums,
            (row, cells) => Add(totals, row.Watch.Region, sums.Of(row.Span, cells)),
            () => [.. totals.Select(t => new RegionTotal(t.Key, t.Value))],
            cancellation);
    }

    public Task<IReadOnlyList<ServiceTotal>> ReadServicesAsync(Minute from, Minute to, CancellationToken cancellation)
    {
        var sums = new CountSums(from, to);
        var totals = new SortedDictionary<ServiceSlug, MinuteCounts>();
        return ReadHoursAsync<IReadOnlyList<ServiceTotal>>(
            null,
            sums,
            (row, cells) => Add(totals, row.Watch.Service, sums.Of(row.Span, cells)),
            () => [.. totals.Select(t => new ServiceTotal(t.Key, t.Value))],
            cancellation);
    }

    public Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation) =>
        storage.ReadAsync(
            connection =>
            {
                var union = new ReporterSketch();
                var (first, end) = ReceiptRules.Quarters(from, to);
                var newer = storage.Counts.Tables.Sketches.CopyNewer(key.Service, key.Region, first, end);
                using var rows = connection.Prepare(key.Region == Region.World ? Sketches : SketchesOfRegion)
                    .With(key.Service.ToString()).With(first).With(end);
                if (key.Region != Region.World)
                    rows.With(key.Region.ToString());
                while (rows.Step())
                {
                    var row = new RowKey(new WatchKey(key.Service, Region.Parse(rows.Text(1))), (int)rows.Integer(0));
                    if (!newer.ContainsKey(row))
                        union.UnionWith(ReporterSketch.Unpack(rows.Blob(2)));
                }
                foreach (var sketch in newer.Values)
                    union.UnionWith(sketch);
                return union.Estimate();
            },
            cancellation);

    public Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ReceiptRules.ThrowIfNotImportable(key, counts);
        return storage.WriteAsync(
            () =>
            {
                storage.Counts.Tables.Import(key, counts);
                return true;
            },
            WriteKind.Import);
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
            using var row = connection.Prepare("SELECT value FROM state WHERE name = 'observed_at'");
            return row.Step() ? DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(0)) : null;
        },
        cancellation);

    public async Task<IReadOnlyList<ServiceSlug>> ReadReportedSinceAsync(Minute from, CancellationToken cancellation)
    {
        // Folded first, so that the key of the file's rows says enough: reading all the counts of weeks would take seconds.
        await storage.WriteAsync(() => storage.Counts.Tables.IsFoldWanted = true);
        return await storage.ReadAsync<IReadOnlyList<ServiceSlug>>(
            connection =>
            {
                var services = new List<ServiceSlug>();
                using var rows = connection.Prepare("SELECT DISTINCT service FROM hours WHERE hour >= ? ORDER BY service")
                    .With(HourCells.HourOf(from));
                while (rows.Step())
                    services.Add(ServiceSlug.Parse(rows.Text(0)));
                return services;
            },
            cancellation);
    }

    /// <summary>Visits the hours of a stretch of one watch, of one service, or (null) of all services, each once, in no order.</summary>
    private Task<T> ReadHoursAsync<T>(
        WatchKey? key, CountSums sums, Action<RowKey, HourCells> visit, Func<T> answer, CancellationToken cancellation) => storage.ReadAsync(
        connection =>
        {
            // Memory first, then the file: HotRows says why.
            var newer = storage.Counts.Tables.Hours.CopyNewer(key?.Service, key?.Region ?? Region.World, sums.FirstHour, sums.EndHour);
            var cells = new HourCells();
            using (var rows = SelectHours(connection, key, sums))
            {
                while (rows.Step())
                {
                    var row = new RowKey(
                        new WatchKey(key?.Service ?? ServiceSlug.Parse(rows.Text(3)), Region.Parse(rows.Text(1))), (int)rows.Integer(0));
                    if (newer.ContainsKey(row))
                        continue;
                    cells.Unpack(rows.Blob(2));
                    visit(row, cells);
                }
            }
            foreach (var (row, held) in newer)
                visit(row, held);
            return answer();
        },
        cancellation);

    private static Statement SelectHours(Connection connection, WatchKey? key, CountSums sums)
    {
        if (key is not { } watch)
            return connection.Prepare(HoursOfAll).With(sums.FirstHour).With(sums.EndHour);
        var rows = connection.Prepare(watch.Region == Region.World ? Hours : HoursOfRegion)
            .With(watch.Service.ToString()).With(sums.FirstHour).With(sums.EndHour);
        return watch.Region == Region.World ? rows : rows.With(watch.Region.ToString());
    }

    private static void Add<TKey>(SortedDictionary<TKey, MinuteCounts> totals, TKey key, MinuteCounts counts)
        where TKey : notnull
    {
        if (!counts.IsEmpty)
            totals[key] = totals.GetValueOrDefault(key) + counts;
    }
}
