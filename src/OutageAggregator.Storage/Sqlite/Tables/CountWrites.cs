namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>
/// What changes counts, on the writer's thread and inside of its transaction: decides who counts, writes the journal, and hands what is
/// to be counted to the tables (<see cref="CountTables"/>).
/// </summary>
internal sealed class CountWrites : IGroupState
{
    private readonly Connection _connection;
    private readonly Pruning _pruning;
    private readonly RecentReporters _recent = new();
    private readonly Packing.Writer _packed = new();
    private long _seq;

    public CountWrites(Connection connection, StorageSettings settings)
    {
        _connection = connection;
        _pruning = new Pruning(connection, settings);
        Tables = new CountTables(connection);
        RestoreTables();
        RestoreReporters();
    }

    public CountTables Tables { get; }

    public BatchReceipt Append(ReportBatch batch)
    {
        if (FindBatch(batch.Id) is { } known)
            return new BatchReceipt([.. known.Entries.Select(e => e.Receipt)], IsRepeat: true, DateTimeOffset.FromUnixTimeMilliseconds(known.ReceivedAt));

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
            Tables.Change(batch.Key, report, isWithdrawal: false);
            if (report.Remark is { } remark)
                WriteRemark(new ReportId(batch.Id, i), batch.Key, receivedAt, remark);
        }
        WriteJournal(batch.Key, receivedAt).WithId(batch.Id.Value).Run();
        return new BatchReceipt(receipts, IsRepeat: false, DateTimeOffset.FromUnixTimeMilliseconds(receivedAt));
    }

    public Withdrawal? Withdraw(ReportId id)
    {
        if (FindCounted(id) is not var (batch, entry))
            return null;
        var (key, report, _) = Told(id, batch, entry);
        if (entry.IsWithdrawn)
            return new Withdrawal(key, report, First: false);

        _recent.Release(_recent.NumberOf(key.Service), report.Cell.Kind, report.Reporter, batch.ReceivedAt);
        Change(key, report, batch.ReceivedAt, isWithdrawal: true);
        batch.Packed[entry.Offset] |= PackedReports.WithdrawnBit;
        _connection.Prepare("UPDATE journal SET reports = ? WHERE id = ?").With(batch.Packed).WithId(id.Batch.Value).Run();
        _connection.Prepare("DELETE FROM remarks WHERE batch = ? AND place = ?").WithId(id.Batch.Value).With(id.Index).Run();
        return new Withdrawal(key, report, First: true);
    }

    public Amendment? Amend(ReportId id, ReportDetails details)
    {
        if (FindCounted(id) is not var (batch, entry) || entry.IsWithdrawn)
            return null;
        var before = Told(id, batch, entry);
        var (after, taken) = before.Add(details);
        if ((after.Key, after.Report) != (before.Key, before.Report))
        {
            Change(before.Key, before.Report, batch.ReceivedAt, isWithdrawal: true);
            Change(after.Key, after.Report, batch.ReceivedAt, isWithdrawal: false);
            _connection.Prepare(
                    "INSERT INTO amended VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET cell = excluded.cell, region = excluded.region")
                .WithId(id.Batch.Value).With(id.Index).With(after.Report.Cell.Number).With(after.Key.Region.ToString())
                .With(batch.ReceivedAt).Run();
        }
        if (taken.Remark is not null || (taken.Region is not null && after.Remark is not null))
        {
            _connection.Prepare("DELETE FROM remarks WHERE batch = ? AND place = ?").WithId(id.Batch.Value).With(id.Index).Run();
            WriteRemark(id, after.Key, batch.ReceivedAt, after.Remark!);
        }
        return new Amendment(batch.Key, after, taken);
    }

    public void Observe(DateTimeOffset now)
    {
        var instant = now.ToUnixTimeMilliseconds();
        _pruning.Now = instant;
        var minute = Minute.Of(now);
        Observe(new MinuteRange(minute, minute + 1));
        _connection.Prepare("INSERT INTO state VALUES ('observed_at', ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)")
            .With(instant).Run();
    }

    public void Observe(MinuteRange range)
    {
        if (range.Length == 0)
            return;
        // The stretches it overlaps or touches become one with it.
        var (from, to) = (range.From.Number, range.To.Number);
        (from, to) = _connection.Prepare(
                "SELECT min(min(from_minute), ?1), max(max(to_minute), ?2) FROM observed WHERE from_minute <= ?2 AND to_minute >= ?1")
            .With(from).With(to).First(known => known.IsNull(0) ? (from, to) : ((int)known.Integer(0), (int)known.Integer(1)));
        _connection.Prepare("DELETE FROM observed WHERE from_minute > ? AND from_minute <= ?").With(from).With(to).Run();
        _connection.Prepare("INSERT INTO observed VALUES (?, ?) ON CONFLICT DO UPDATE SET to_minute = excluded.to_minute").With(from).With(to).Run();
    }

    public void Flush(bool isLast)
    {
        Tables.IsFoldWanted |= isLast;
        Tables.FoldWhenDue();
        _pruning.Prune(Tables.FoldedSeq);
    }

    public void Accept()
    {
        _recent.Accept();
        _pruning.Accept();
        Tables.Accept(_seq);
    }

    public void Undo()
    {
        _pruning.Undo();
        _seq = Tables.AcceptedSeq;
        _recent.Undo();
        Tables.Undo();
    }

    private KnownBatch? FindBatch(BatchId id) =>
        _connection.Prepare("SELECT service, region, received_at, reports FROM journal WHERE id = ?").WithId(id.Value)
            .First(static row => new KnownBatch(row.Key(0), row.Integer(2), row.Blob(3).ToArray()));

    // Numbered here and not by the database, which would begin at 1 again where all rows are pruned.
    private Statement WriteJournal(WatchKey key, long receivedAt) =>
        _connection.Prepare("INSERT INTO journal (seq, service, region, received_at, reports, id) VALUES (?, ?, ?, ?, ?, ?)")
            .With(++_seq).WithKey(key).With(receivedAt).With(_packed.Written);

    private void WriteRemark(ReportId id, WatchKey key, long receivedAt, Remark remark) =>
        _connection.Prepare("""
                INSERT INTO remarks (batch, place, service, region, received_at, comment, went_to, went_to_worked)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
            .WithId(id.Batch.Value).With(id.Index).WithKey(key).With(receivedAt).With(remark.Comment).With(remark.WentTo?.ToString())
            .With(remark.WentToWorked is { } worked ? (worked ? 1 : 0) : (long?)null).Run();

    private void Change(WatchKey key, Report report, long receivedAt, bool isWithdrawal)
    {
        Tables.Change(key, report, isWithdrawal);
        _packed.Clear();
        var outcome = report.Cell.IsLate ? ReportOutcome.Late : ReportOutcome.Counted;
        PackedReports.Pack(_packed, receivedAt, report, new Receipt(outcome, default), isWithdrawal);
        WriteJournal(key, receivedAt).With((long?)null).Run();
    }

    // A report that can be taken back or told of: known, not the second of its reporter, not over a day old.
    private (KnownBatch Batch, JournalEntry Entry)? FindCounted(ReportId id) =>
        FindBatch(id.Batch) is { } batch && !ReceiptRules.IsOverADayOld(batch.ReceivedAt, _pruning.Now)
            && id.Index >= 0 && id.Index < batch.Entries.Count
            && batch.Entries[id.Index] is { Receipt.Outcome: not ReportOutcome.Duplicate } entry
            ? (batch, entry)
            : null;

    private ToldReport Told(ReportId id, KnownBatch batch, JournalEntry entry)
    {
        var (cell, region) = _connection.Prepare("SELECT cell, region FROM amended WHERE batch = ? AND place = ?")
            .WithId(id.Batch.Value).With(id.Index)
            .First(row => ((ReportCell?)new ReportCell((byte)row.Integer(0)), (Region?)Region.Parse(row.Text(1))));
        var remark = _connection.Prepare("SELECT comment, went_to, went_to_worked FROM remarks WHERE batch = ? AND place = ?")
            .WithId(id.Batch.Value).With(id.Index).First(static row => Remark.Of(
                row.IsNull(0) ? null : row.Text(0), row.IsNull(1) ? null : ServiceSlug.Parse(row.Text(1)),
                row.IsNull(2) ? null : row.Integer(2) == 1));
        return new ToldReport(
            batch.Key with { Region = region ?? batch.Key.Region }, entry.Report with { Cell = cell ?? entry.Report.Cell }, remark);
    }

    // What is in the journal and was not folded yet when the process ended.
    private void RestoreTables()
    {
        _seq = Math.Max(Tables.FoldedSeq, _connection.ReadNumber("SELECT coalesce(max(seq), 0) FROM journal"));
        var rows = _connection.Prepare("SELECT service, region, received_at, reports, id FROM journal WHERE seq > ? ORDER BY seq");
        foreach (var (key, _, isWithdrawal, entry) in Counted(rows.With(Tables.FoldedSeq)))
            Tables.Change(key, entry.Report, isWithdrawal);
        Tables.Accept(_seq);
    }

    // Who reported in the last 30 minutes before the newest batch. The rows are in order of arrival, so the newest ones are at the end; a
    // row more than two turns away from the newest one, in either direction of a clock that was set, ends the search.
    private void RestoreReporters()
    {
        var newest = _connection.Prepare("SELECT received_at FROM journal WHERE id IS NOT NULL ORDER BY seq DESC LIMIT 1");
        if (newest.First<long?>(row => row.Integer(0)) is not { } now)
            return;
        _pruning.Now = now;
        var rows = _connection.Prepare("""
            SELECT service, region, received_at, reports, id FROM journal
            WHERE id IS NOT NULL
              AND seq > coalesce((SELECT seq FROM journal WHERE id IS NOT NULL AND abs(received_at - ?) > ? ORDER BY seq DESC LIMIT 1), 0)
            ORDER BY seq
            """).With(now).With((long)ReportRules.OncePer.TotalMilliseconds * 2);
        foreach (var (key, receivedAt, _, entry) in Counted(rows).Where(c => !c.Entry.IsWithdrawn))
            _ = _recent.TryTake(_recent.NumberOf(key.Service), entry.Report.Cell.Kind, entry.Report.Reporter, receivedAt, out _);
        _recent.Accept();
    }

    private static IEnumerable<(WatchKey Key, long ReceivedAt, bool IsWithdrawal, JournalEntry Entry)> Counted(Statement rows)
    {
        using (rows)
        {
            while (rows.Step())
            {
                var (key, receivedAt, isOfOne) = (rows.Key(0), rows.Integer(2), rows.IsNull(4));
                var entries = PackedReports.Unpack(rows.Blob(3), receivedAt);
                foreach (var entry in entries.Where(e => e.Receipt.Outcome != ReportOutcome.Duplicate))
                    yield return (key, receivedAt, isOfOne && entry.IsWithdrawn, entry);
            }
        }
    }

    private sealed record KnownBatch(WatchKey Key, long ReceivedAt, byte[] Packed)
    {
        public List<JournalEntry> Entries { get; } = PackedReports.Unpack(Packed, ReceivedAt);
    }
}
