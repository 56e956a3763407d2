namespace OutageAggregator.Storage.Sqlite;

/// <summary>
/// Counts in SQLite. Writes go to the one writer (<see cref="GroupWriter"/>) and are answered when they are on disk; reads see the last
/// commit. The sum of all regions is computed from theirs whenever it is read.
/// </summary>
public sealed class SqliteCountStore(SqliteStorage storage) : HourlyCounts, ICountStore
{
    public Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation) =>
        storage.WriteAsync(() => storage.Counts.Append(batch), cancellation);

    public Task<Withdrawal?> WithdrawAsync(ReportId id, CancellationToken cancellation) =>
        storage.WriteAsync(() => storage.Counts.Withdraw(id), cancellation);

    public Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation) =>
        storage.WriteAsync(() => storage.Counts.Amend(id, details), cancellation);

    public Minute KeptSince(int stepMinutes, Minute now) => storage.Settings.KeptSince(now);

    public Task<long> CountReportersAsync(
        WatchKey key, Minute from, Minute to, CancellationToken cancellation) => storage.ReadAsync(
        connection =>
        {
            var union = new ReporterSketch();
            var (first, end) = ReceiptRules.Quarters(from, to);
            storage.Counts.Tables.Sketches.Visit(connection, key, first, end, (_, sketch) => union.UnionWith(sketch));
            return union.Estimate();
        },
        cancellation);

    public Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation)
    {
        ReceiptRules.ThrowIfNotImportable(key, counts);
        return storage.WriteAsync(() => storage.Counts.Tables.Import(key, counts), cancellation, WriteKind.Import);
    }

    public Task ObserveAsync(DateTimeOffset now, CancellationToken cancellation) =>
        storage.WriteAsync(() => storage.Counts.Observe(now), cancellation);

    public Task ObserveAsync(MinuteRange range, CancellationToken cancellation) =>
        storage.WriteAsync(() => storage.Counts.Observe(range), cancellation);

    public Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation) =>
        storage.ReadAsync<IReadOnlyList<MinuteRange>>(
            connection => ReceiptRules.Clip(
                connection.Prepare("SELECT from_minute, to_minute FROM observed WHERE from_minute < ? AND to_minute > ? ORDER BY 1")
                    .With(to.Number).With(from.Number)
                    .All(row => new MinuteRange(new Minute((int)row.Integer(0)), new Minute((int)row.Integer(1)))), from, to),
            cancellation);

    public Task<DateTimeOffset?> LastObservedAsync(CancellationToken cancellation) => storage.ReadAsync(
        connection => connection.Prepare("SELECT value FROM state WHERE name = 'observed_at'")
            .First<DateTimeOffset?>(row => row.Instant(0)),
        cancellation);

    public async Task<IReadOnlyList<ServiceSlug>> ReadReportedSinceAsync(Minute from, CancellationToken cancellation)
    {
        // Folded first, so that the key of the file's rows says enough: reading all the counts of weeks would take seconds.
        await storage.WriteAsync(() => storage.Counts.Tables.IsFoldWanted = true, cancellation);
        return await storage.ReadAsync<IReadOnlyList<ServiceSlug>>(
            connection => connection.Prepare("SELECT DISTINCT service FROM hours WHERE hour >= ? ORDER BY service")
                .With(HourCells.HourOf(from)).All(row => ServiceSlug.Parse(row.Text(0))),
            cancellation);
    }

    private protected override Task VisitAsync(
        WatchKey? key, MinuteRange stretch, int step, Action<WatchKey, IEnumerable<CellCount>> visit, CancellationToken cancellation) =>
        storage.ReadAsync(
            connection =>
            {
                storage.Counts.Tables.Hours.Visit(
                    connection, key, HourCells.HourOf(stretch.From), HourCells.HourAfter(stretch.To),
                    (row, cells) => visit(row.Watch, cells.Within(stretch, row.Span)));
                return true;
            },
            cancellation);
}
