using System.Buffers.Binary;
using OutageAggregator.Storage.Sqlite.Database;

namespace OutageAggregator.Storage.Spool;

/// <summary>
/// The tables of the spool. For the thread that owns the connection, inside of its transaction.
/// <code>
///   batches       what waits, in order of arrival
///   withdrawals   reports of those that were taken back meanwhile: taken back in the store, too, before their batch leaves
///   set_aside     batches that the store does not take, and why: tried again after each start within a day, then for the operator
/// </code>
/// </summary>
internal sealed class SpoolTables : IGroupState
{
    // What a row takes beside its reports and the reason.
    private const int RowBytes = 128;

    private readonly Connection _connection;

    // No place is given twice while the process lives: who reads on after a place misses nobody who came later.
    private long _lastPlace;
    private long _bytes;
    private long _asideReports;
    private long _asideBytes;

    public SpoolTables(Connection connection)
    {
        _connection = connection;
        connection.Execute(
            """
            CREATE TABLE IF NOT EXISTS batches (place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, service TEXT NOT NULL, region TEXT NOT NULL, received_at INTEGER NOT NULL, reports INTEGER NOT NULL, packed BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS batches_of_service ON batches (service, place);
            CREATE TABLE IF NOT EXISTS withdrawals (batch BLOB NOT NULL, report INTEGER NOT NULL, PRIMARY KEY (batch, report)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS set_aside (place INTEGER NOT NULL, id BLOB NOT NULL, service TEXT NOT NULL, region TEXT NOT NULL, received_at INTEGER NOT NULL, reports INTEGER NOT NULL, packed BLOB NOT NULL, why TEXT NOT NULL);
            """);
    }

    /// <summary>Bytes in use.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many reports are set aside, and about how many bytes they take.</summary>
    public (long Reports, long Bytes) Aside => (Volatile.Read(ref _asideReports), Volatile.Read(ref _asideBytes));

    /// <summary>What waits of each service.</summary>
    /// <exception cref="InvalidDataException">A row names no service.</exception>
    public Dictionary<ServiceSlug, (int Batches, int Reports)> Count()
    {
        var waiting = new Dictionary<ServiceSlug, (int, int)>();
        using var rows = _connection.Prepare("SELECT service, count(*), sum(reports) FROM batches GROUP BY service");
        while (rows.Step())
            waiting[ServiceSlug.TryParse(rows.Text(0), out var slug) ? slug : throw new InvalidDataException("a row names no service")] = ((int)rows.Integer(1), (int)rows.Integer(2));
        return waiting;
    }

    /// <returns>
    /// When the batch was received first: another instant than its own where it waits here already; null where it is new.
    /// </returns>
    public DateTimeOffset? Append(ReportBatch batch, byte[] packed)
    {
        var id = Bytes16(batch.Id);
        if (Find(id) is { } known)
            return known.ReceivedAt;
        _connection.Prepare("INSERT INTO batches (place, id, service, region, received_at, reports, packed) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .With(++_lastPlace).With(id).With(batch.Key.Service.ToString()).With(batch.Key.Region.ToString())
            .With(batch.ReceivedAt.ToUnixTimeMilliseconds()).With(batch.Reports.Count).With(packed).Run();
        return null;
    }

    /// <returns>False where its batch is not here.</returns>
    public bool Withdraw(ReportId report)
    {
        var (batch, index) = (Bytes16(report.Batch), report.Index);
        if (index < 0 || index >= (Find(batch)?.Reports ?? 0))
            return false;
        _connection.Prepare("INSERT OR IGNORE INTO withdrawals (batch, report) VALUES (?, ?)").With(batch).With(index).Run();
        return true;
    }

    /// <summary>The oldest batches of a service after a place, in order.</summary>
    public List<SpooledBatch> Read(ServiceSlug service, long after, int most)
    {
        var batches = new List<SpooledBatch>();
        using var rows = _connection.Prepare("SELECT place, id, region, received_at, reports, packed FROM batches WHERE service = ? AND place > ? ORDER BY place LIMIT ?")
            .With(service.ToString()).With(after).With(most);
        while (rows.Step())
        {
            var id = rows.Blob(1).ToArray();
            batches.Add(new SpooledBatch(
                rows.Integer(0), new BatchId(BinaryPrimitives.ReadUInt128BigEndian(id)), service, rows.Text(2),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.Integer(3)), (int)rows.Integer(4), rows.Blob(5).ToArray(), Withdrawn(id)));
        }
        return batches;
    }

    /// <summary>
    /// Forgets batches that the store has, but for those of which another report was taken back since they were read; an empty spool gives
    /// the disk back what it does not need.
    /// </summary>
    /// <returns>Those that are gone.</returns>
    public List<SpooledBatch> Remove(IEnumerable<SpooledBatch> stored)
    {
        var gone = new List<SpooledBatch>();
        foreach (var batch in stored)
        {
            var id = Bytes16(batch.Id);
            _connection.Prepare("DELETE FROM batches WHERE place = ? AND (SELECT count(*) FROM withdrawals WHERE batch = ?) = ?")
                .With(batch.Place).With(id).With(batch.Withdrawn.Count).Run();
            if (_connection.Changes == 0)
                continue;
            _connection.Prepare("DELETE FROM withdrawals WHERE batch = ?").With(id).Run();
            gone.Add(batch);
        }
        if (_connection.ReadNumber("SELECT EXISTS (SELECT 1 FROM batches)") == 0)
        {
            using var freed = _connection.Prepare("PRAGMA incremental_vacuum");
            while (freed.Step())
            {
                // It frees a page with every step.
            }
        }
        return gone;
    }

    /// <summary>Puts a batch where it stands in nobody's way.</summary>
    /// <returns>False where as much is set aside as may wait: it stays where it is.</returns>
    public bool SetAside(SpooledBatch batch, string why, long mostBytes)
    {
        if (Aside.Bytes >= mostBytes)
            return false;
        _connection.Prepare("INSERT INTO set_aside SELECT place, id, service, region, received_at, reports, packed, ? FROM batches WHERE place = ?").With(why).With(batch.Place).Run();
        _connection.Prepare("DELETE FROM batches WHERE place = ?").With(batch.Place).Run();
        CountAside();
        return true;
    }

    /// <summary>
    /// Begins after what waits, and puts what was set aside behind it, but for what was received too long ago for the store to know
    /// whether it had it.
    /// </summary>
    public void TakeBack(DateTimeOffset receivedAfter)
    {
        var after = receivedAfter.ToUnixTimeMilliseconds();
        _connection.Prepare("INSERT OR IGNORE INTO batches (id, service, region, received_at, reports, packed) SELECT id, service, region, received_at, reports, packed FROM set_aside WHERE received_at > ? ORDER BY place")
            .With(after).Run();
        _connection.Prepare("DELETE FROM set_aside WHERE received_at > ?").With(after).Run();
        _lastPlace = _connection.ReadNumber("SELECT max(place) FROM batches");
        CountAside();
        Accept();
    }

    /// <summary>
    /// Goes through all that is done with a batch, and leaves nothing: what can't be written is known now, and the first report waits for
    /// no compiler.
    /// </summary>
    public bool Rehearse()
    {
        var key = new WatchKey(ServiceSlug.Parse("rehearsal"), Region.Unknown);
        var batch = new ReportBatch(default, key, DateTimeOffset.UnixEpoch, [default(Report)]);
        _ = Append(batch, PackedBatch.Pack(batch));
        _ = Withdraw(new ReportId(batch.Id, 0));
        return Remove(Read(batch.Key.Service, 0, int.MaxValue).Where(b => b.Id == batch.Id)).Count > 0;
    }

    void IGroupState.Flush(bool isLast) { }

    public void Accept() => Volatile.Write(
        ref _bytes,
        (_connection.ReadNumber("PRAGMA page_count") - _connection.ReadNumber("PRAGMA freelist_count")) * _connection.ReadNumber("PRAGMA page_size"));

    void IGroupState.Undo() => CountAside();

    private void CountAside()
    {
        using var row = _connection.Prepare("SELECT total(reports), total(length(packed) + length(why)) + ? * count(*) FROM set_aside").With(RowBytes);
        _ = row.Step();
        Volatile.Write(ref _asideReports, row.Integer(0));
        Volatile.Write(ref _asideBytes, row.Integer(1));
    }

    private static byte[] Bytes16(BatchId id)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);
        return bytes;
    }

    private (DateTimeOffset ReceivedAt, long Reports)? Find(byte[] id)
    {
        using var row = _connection.Prepare("SELECT received_at, reports FROM batches WHERE id = ?1 UNION ALL SELECT received_at, reports FROM set_aside WHERE id = ?1").With(id);
        return row.Step() ? (DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(0)), row.Integer(1)) : null;
    }

    private List<int> Withdrawn(byte[] batch)
    {
        var withdrawn = new List<int>();
        using var rows = _connection.Prepare("SELECT report FROM withdrawals WHERE batch = ? ORDER BY report").With(batch);
        while (rows.Step())
            withdrawn.Add((int)rows.Integer(0));
        return withdrawn;
    }
}
