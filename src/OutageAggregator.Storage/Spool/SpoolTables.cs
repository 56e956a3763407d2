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
internal sealed class SpoolTables
{
    private const int MostRows = 256;

    // What a row takes beside its reports and the reason.
    private const int RowBytes = 128;

    private readonly Connection _connection;

    // No place is given twice while the process lives: who reads on after a place misses nobody who came later.
    private long _lastPlace;

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
        _lastPlace = connection.ReadNumber("SELECT max(place) FROM batches");
    }

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

    /// <summary>How many reports are set aside, and about how many bytes they take.</summary>
    public (long Reports, long Bytes) CountAside()
    {
        using var row = _connection.Prepare("SELECT total(reports), total(length(packed) + length(why)) + ? * count(*) FROM set_aside").With(RowBytes);
        return row.Step() ? (row.Integer(0), row.Integer(1)) : default;
    }

    /// <returns>
    /// When the batch was received first: another instant than its own where it waits here already; null where it is new.
    /// </returns>
    public DateTimeOffset? Append(ReportBatch batch, byte[] id, byte[] packed)
    {
        using (var known = _connection.Prepare("SELECT received_at FROM batches WHERE id = ?1 UNION ALL SELECT received_at FROM set_aside WHERE id = ?1").With(id))
        {
            if (known.Step())
                return DateTimeOffset.FromUnixTimeMilliseconds(known.Integer(0));
        }
        _connection.Prepare("INSERT INTO batches (place, id, service, region, received_at, reports, packed) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .With(++_lastPlace).With(id).With(batch.Key.Service.ToString()).With(batch.Key.Region.ToString()).With(batch.ReceivedAt.ToUnixTimeMilliseconds())
            .With(batch.Reports.Count).With(packed).Run();
        return null;
    }

    public bool Withdraw(byte[] batch, int index)
    {
        using (var row = _connection.Prepare("SELECT reports FROM batches WHERE id = ?1 UNION ALL SELECT reports FROM set_aside WHERE id = ?1").With(batch))
        {
            if (!row.Step() || index < 0 || index >= row.Integer(0))
                return false;
        }
        _connection.Prepare("INSERT OR IGNORE INTO withdrawals (batch, report) VALUES (?, ?)").With(batch).With(index).Run();
        return true;
    }

    /// <summary>The oldest batches of a service after a place, in order: as many as hold so many reports together, one at least.</summary>
    public List<SpooledBatch> Read(ServiceSlug service, long after, int reports)
    {
        var batches = new List<SpooledBatch>();
        using var rows = _connection.Prepare("SELECT place, id, region, received_at, reports, packed FROM batches WHERE service = ? AND place > ? ORDER BY place LIMIT ?")
            .With(service.ToString()).With(after).With(MostRows);
        while (reports > 0 && rows.Step())
        {
            var id = rows.Blob(1).ToArray();
            batches.Add(new SpooledBatch(
                rows.Integer(0),
                new BatchId(BinaryPrimitives.ReadUInt128BigEndian(id)),
                service,
                rows.Text(2),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.Integer(3)),
                (int)rows.Integer(4),
                rows.Blob(5).ToArray(),
                Withdrawn(id)));
            reports -= batches[^1].Reports;
        }
        return batches;
    }

    /// <returns>False where another report of it was taken back since it was read: it stays.</returns>
    public bool Remove(SpooledBatch batch)
    {
        var id = Bytes16(batch.Id);
        _connection.Prepare("DELETE FROM batches WHERE place = ? AND (SELECT count(*) FROM withdrawals WHERE batch = ?) = ?")
            .With(batch.Place).With(id).With(batch.Withdrawn.Count).Run();
        if (_connection.Changes == 0)
            return false;
        if (batch.Withdrawn.Count > 0)
            _connection.Prepare("DELETE FROM withdrawals WHERE batch = ?").With(id).Run();
        return true;
    }

    public void SetAside(SpooledBatch batch, string why)
    {
        _connection.Prepare("INSERT INTO set_aside SELECT place, id, service, region, received_at, reports, packed, ? FROM batches WHERE place = ?").With(why).With(batch.Place).Run();
        _connection.Prepare("DELETE FROM batches WHERE place = ?").With(batch.Place).Run();
    }

    /// <summary>
    /// Puts what was set aside behind what waits, but for what was received too long ago for the store to know whether it had it.
    /// </summary>
    public void TakeBack(DateTimeOffset receivedAfter)
    {
        var after = receivedAfter.ToUnixTimeMilliseconds();
        _connection.Prepare("INSERT OR IGNORE INTO batches (id, service, region, received_at, reports, packed) SELECT id, service, region, received_at, reports, packed FROM set_aside WHERE received_at > ? ORDER BY place")
            .With(after).Run();
        _connection.Prepare("DELETE FROM set_aside WHERE received_at > ?").With(after).Run();
        _lastPlace = Math.Max(_lastPlace, _connection.ReadNumber("SELECT max(place) FROM batches"));
    }

    /// <summary>Gives the disk back what an empty spool does not need.</summary>
    public void Shrink()
    {
        using (var any = _connection.Prepare("SELECT 1 FROM batches LIMIT 1"))
        {
            if (any.Step())
                return;
        }
        using var freed = _connection.Prepare("PRAGMA incremental_vacuum");
        while (freed.Step())
        {
            // It frees a page with every step.
        }
    }

    public static byte[] Bytes16(BatchId id)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);
        return bytes;
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
