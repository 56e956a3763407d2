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
                WriteRemark(batch, i, remark);
        }
        WriteJournal(batch.Key, receivedAt).WithId(batch.Id.Value).Run();
        return new BatchReceipt(receipts, IsRepeat: false, DateTimeOffset.FromUnixTimeMilliseconds(receivedAt));
    }

    public Withdrawal? Withdraw(ReportId report)
    {
        if (FindBatch(report.Batch) is not { } batch || ReceiptRules.IsOverADayOld(batch.ReceivedAt, _pruning.Now)
            || report.Index < 0 || report.Index >= batch.Entries.Count)
        {
            return null;
        }
        var entry = batch.Entries[report.Index];
        if (entry.Receipt.Outcome == ReportOutcome.Duplicate)
            return null;
        if (entry.IsWithdrawn)
            return new Withdrawal(batch.Key, entry.Report, First: false);

        _recent.Release(_recent.NumberOf(batch.Key.Service), entry.Report.Cell.Kind, entry.Report.Reporter, batch.ReceivedAt);
        Tables.Change(batch.Key, entry.Report, isWithdrawal: true);
        _packed.Clear();
        PackedReports.Pack(_packed, batch.ReceivedAt, entry.Report, entry.Receipt, isWithdrawn: true);
        WriteJournal(batch.Key, batch.ReceivedAt).With((long?)null).Run();
        batch.Packed[entry.Offset] |= PackedReports.WithdrawnBit;
        _connection.Prepare("UPDATE journal SET reports = ? WHERE id = ?").With(batch.Packed).WithId(report.Batch.Value).Run();
        _connection.Prepare("DELETE FROM remarks WHERE batch = ? AND place = ?").WithId(report.Batch.Value).With(report.Index).Run();
        return new Withdrawal(batch.Key, entry.Report, First: true);
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

    private void WriteRemark(ReportBatch batch, int place, Remark remark) =>
        _connection.Prepare(
                "INSERT INTO remarks (batch, place, service, region, received_at, comment, went_to) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .WithId(batch.Id.Value).With(place).WithKey(batch.Key).With(batch.ReceivedAt.ToUnixTimeMilliseconds())
            .With(remark.Comment).With(remark.WentTo?.ToString()).Run();

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
                var (key, receivedAt, isWithdrawal) = (rows.Key(0), rows.Integer(2), rows.IsNull(4));
                var entries = PackedReports.Unpack(rows.Blob(3), receivedAt);
                foreach (var entry in entries.Where(e => e.Receipt.Outcome != ReportOutcome.Duplicate))
                    yield return (key, receivedAt, isWithdrawal, entry);
            }
        }
    }

    private sealed record KnownBatch(WatchKey Key, long ReceivedAt, byte[] Packed)
    {
        public List<JournalEntry> Entries { get; } = PackedReports.Unpack(Packed, ReceivedAt);
    }
}
