using System.Buffers.Binary;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>
/// What changes counts, on the writer's thread and inside of its transaction. Hours and sketches are changed in memory and written once a
/// group, however many batches of it touch them.
/// </summary>
internal sealed class CountWrites : IGroupState
{
    // Some thousands of watches have a current hour each; an hour in full outage is 10 KB.
    private const int CachedRows = 8192;

    private readonly Connection _connection;
    private readonly Pruning _pruning;
    private readonly RecentReporters _recent = new();
    private readonly Packing.Writer _packed = new();
    private readonly DirtyCache<(WatchKey Key, int Hour), HourCells> _hours;
    private readonly DirtyCache<(WatchKey Key, int Quarter), ReporterSketch> _sketches;
    private readonly byte[] _sketchBytes = new byte[(ReporterSketch.ExactLimit * sizeof(ulong)) + 1];

    public CountWrites(Connection connection, StorageSettings settings)
    {
        _connection = connection;
        _pruning = new Pruning(connection, settings);
        _hours = new(LoadHour, StoreHour, CachedRows);
        _sketches = new(LoadSketch, StoreSketch, CachedRows);
        Restore();
    }

    public BatchReceipt Append(ReportBatch batch)
    {
        Span<byte> id = stackalloc byte[16];
        WriteId(id, batch.Id);
        if (FindBatch(id) is { } known)
            return new BatchReceipt([.. known.Entries.Select(e => e.Receipt)], IsRepeat: true);

        var receivedAt = batch.ReceivedAt.ToUnixTimeMilliseconds();
        _pruning.Now = receivedAt;
        var service = _recent.NumberOf(batch.Key.Service);
        var receipts = new Receipt[batch.Reports.Count];
        _packed.Clear();
        for (var i = 0; i < receipts.Length; i++)
        {
            var report = batch.Reports[i];
            var taken = _recent.TryTake(service, report.Cell.Kind, report.Reporter, receivedAt, out var until);
            receipts[i] = ReceiptRules.Of(report.Cell, taken, until);
            PackedReports.Pack(_packed, receivedAt, report, receipts[i]);
            if (!taken)
                continue;
            _hours.Change((batch.Key, HourCells.HourOf(report.At)))[report.At, report.Cell]++;
            if (ReceiptRules.IsSketched(report.Cell))
                _sketches.Change((batch.Key, ReceiptRules.QuarterOf(report.At))).Add(report.Reporter);
            if (report.Remark is { } remark)
                WriteRemark(id, i, batch.Key, receivedAt, remark);
        }
        _connection.Prepare("INSERT INTO batches (id, service, region, received_at, reports) VALUES (?, ?, ?, ?, ?)")
            .With(id).With(batch.Key.Service.ToString()).With(batch.Key.Region.ToString()).With(receivedAt).With(_packed.Written).Run();
        return new BatchReceipt(receipts, IsRepeat: false);
    }

    public Withdrawal? Withdraw(ReportId report)
    {
        Span<byte> id = stackalloc byte[16];
        WriteId(id, report.Batch);
        if (FindBatch(id) is not { } batch || ReceiptRules.IsOverADayOld(batch.ReceivedAt, _pruning.Now)
            || report.Index < 0 || report.Index >= batch.Entries.Count)
        {
            return null;
        }
        var entry = batch.Entries[report.Index];
        if (entry.Receipt.Outcome == ReportOutcome.Duplicate)
            return null;
        if (entry.IsWithdrawn)
            return new Withdrawal(batch.Key, entry.Report, First: false);

        var (reporter, cell, at, _) = entry.Report;
        var hour = _hours.Change((batch.Key, HourCells.HourOf(at)));
        // An import may have replaced the cell meanwhile.
        hour[at, cell] = Math.Max(0, hour[at, cell] - 1);
        if (ReceiptRules.IsSketched(cell))
            _sketches.Change((batch.Key, ReceiptRules.QuarterOf(at))).Remove(reporter);
        _recent.Release(_recent.NumberOf(batch.Key.Service), cell.Kind, reporter, batch.ReceivedAt);
        _connection.Prepare("UPDATE batches SET reports = ? WHERE id = ?").With(PackedReports.Withdraw(batch.Packed, entry)).With(id).Run();
        _connection.Prepare("DELETE FROM remarks WHERE batch = ? AND place = ?").With(id).With(report.Index).Run();
        return new Withdrawal(batch.Key, entry.Report, First: true);
    }

    public void Import(WatchKey key, IReadOnlyList<CellCount> counts)
    {
        foreach (var count in counts)
            _hours.Change((key, HourCells.HourOf(count.Minute)))[count.Minute, count.Cell] = count.Count;
    }

    public void Observe(DateTimeOffset now)
    {
        var instant = now.ToUnixTimeMilliseconds();
        _pruning.Now = instant;
        var minute = Minute.Of(now);
        Observe(new MinuteRange(minute, minute + 1));
        _connection.Prepare(
            "INSERT INTO clock VALUES (1, ?) ON CONFLICT DO UPDATE SET observed_at = max(observed_at, excluded.observed_at)").With(instant).Run();
    }

    public void Observe(MinuteRange range)
    {
        if (range.Length == 0)
            return;
        // The stretches it overlaps or touches become one with it.
        var (from, to) = (range.From.Number, range.To.Number);
        using (var known = _connection.Prepare("SELECT min(from_minute), max(to_minute) FROM observed WHERE from_minute <= ? AND to_minute >= ?")
            .With(to).With(from))
        {
            if (known.Step() && !known.IsNull(0))
                (from, to) = (Math.Min(from, (int)known.Integer(0)), Math.Max(to, (int)known.Integer(1)));
        }
        _connection.Prepare("DELETE FROM observed WHERE from_minute > ? AND from_minute <= ?").With(from).With(to).Run();
        _connection.Prepare("INSERT INTO observed VALUES (?, ?) ON CONFLICT DO UPDATE SET to_minute = excluded.to_minute").With(from).With(to).Run();
    }

    public void Flush()
    {
        _hours.Flush();
        _sketches.Flush();
        _pruning.Prune();
    }

    public void Accept()
    {
        _recent.Accept();
        _hours.Accept();
        _sketches.Accept();
    }

    public void Undo()
    {
        _recent.Undo();
        _hours.Undo();
        _sketches.Undo();
    }

    // High byte first: ids that begin with the time lie in the index in order of time.
    private static void WriteId(Span<byte> bytes, BatchId id) => BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);

    private KnownBatch? FindBatch(ReadOnlySpan<byte> id)
    {
        using var row = _connection.Prepare("SELECT service, region, received_at, reports FROM batches WHERE id = ?").With(id);
        if (!row.Step())
            return null;
        var packed = row.Blob(3).ToArray();
        return new KnownBatch(Rows.Key(row, 0), row.Integer(2), packed, PackedReports.Unpack(packed, row.Integer(2)));
    }

    private void WriteRemark(ReadOnlySpan<byte> batch, int place, WatchKey key, long receivedAt, Remark remark) =>
        _connection.Prepare(
                "INSERT INTO remarks (batch, place, service, region, received_at, comment, went_to) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .With(batch).With(place).With(key.Service.ToString()).With(key.Region.ToString()).With(receivedAt)
            .With(remark.Comment).With(remark.WentTo?.ToString()).Run();

    private HourCells LoadHour((WatchKey Key, int Hour) at)
    {
        var cells = new HourCells();
        using var row = _connection.Prepare("SELECT cells FROM hours WHERE service = ? AND region = ? AND hour = ?")
            .With(at.Key.Service.ToString()).With(at.Key.Region.ToString()).With(at.Hour);
        if (row.Step())
            cells.Unpack(row.Blob(0));
        return cells;
    }

    private void StoreHour((WatchKey Key, int Hour) at, HourCells cells)
    {
        if (cells.IsEmpty)
        {
            _connection.Prepare("DELETE FROM hours WHERE service = ? AND region = ? AND hour = ?")
                .With(at.Key.Service.ToString()).With(at.Key.Region.ToString()).With(at.Hour).Run();
            return;
        }
        _packed.Clear();
        cells.Pack(_packed);
        _connection.Prepare("INSERT INTO hours VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET cells = excluded.cells")
            .With(at.Key.Service.ToString()).With(at.Key.Region.ToString()).With(at.Hour).With(_packed.Written).Run();
    }

    private ReporterSketch LoadSketch((WatchKey Key, int Quarter) at)
    {
        using var row = _connection.Prepare("SELECT sketch FROM reporter_sketches WHERE service = ? AND region = ? AND quarter = ?")
            .With(at.Key.Service.ToString()).With(at.Key.Region.ToString()).With(at.Quarter);
        return row.Step() ? ReporterSketch.Unpack(row.Blob(0)) : new ReporterSketch();
    }

    private void StoreSketch((WatchKey Key, int Quarter) at, ReporterSketch sketch)
    {
        sketch.Pack(_sketchBytes);
        _connection.Prepare("INSERT INTO reporter_sketches VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET sketch = excluded.sketch")
            .With(at.Key.Service.ToString()).With(at.Key.Region.ToString()).With(at.Quarter)
            .With(_sketchBytes.AsSpan(0, sketch.PackedLength)).Run();
    }

    // Who reported in the last 30 minutes before the newest batch. The rows are in order of arrival, so the newest ones are at the end; a row
    // more than a turn away from the newest one, in either direction of a clock that was set, ends the search.
    private void Restore()
    {
        using (var newest = _connection.Prepare("SELECT received_at FROM batches ORDER BY seq DESC LIMIT 1"))
        {
            if (!newest.Step())
                return;
            _pruning.Now = newest.Integer(0);
        }
        using var rows = _connection.Prepare("""
            SELECT service, region, received_at, reports FROM batches
            WHERE seq > coalesce((SELECT seq FROM batches WHERE abs(received_at - ?) > ? ORDER BY seq DESC LIMIT 1), 0) ORDER BY seq
            """).With(_pruning.Now).With((long)ReportRules.OncePer.TotalMilliseconds * 2);
        while (rows.Step())
        {
            var service = _recent.NumberOf(Rows.Key(rows, 0).Service);
            var receivedAt = rows.Integer(2);
            foreach (var entry in PackedReports.Unpack(rows.Blob(3), receivedAt))
            {
                if (entry.Receipt.Outcome != ReportOutcome.Duplicate && !entry.IsWithdrawn)
                    _ = _recent.TryTake(service, entry.Report.Cell.Kind, entry.Report.Reporter, receivedAt, out _);
            }
        }
        _recent.Accept();
    }

    private sealed record KnownBatch(WatchKey Key, long ReceivedAt, byte[] Packed, List<JournalEntry> Entries);
}
