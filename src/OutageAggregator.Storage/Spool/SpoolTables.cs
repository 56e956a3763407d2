namespace OutageAggregator.Storage.Spool;

/// <summary>
/// The tables of the spool. For the thread that owns the connection, inside of its transaction.
/// <code>
///   batches       what waits, in order of arrival
///   withdrawals   reports of those that were taken back meanwhile: taken back in the store, too, before their batch leaves
///   amendments    what was told of them meanwhile, in order: told to the store after their batch, and before what was taken back of it
///   set_aside     batches that the store does not take, and why: tried again after each start within a day, then for the operator
/// </code>
/// </summary>
internal sealed class SpoolTables : IGroupState
{
    // What a row takes beside its reports and the reason.
    private const int RowBytes = 128;

    private const string Columns = "place, id, service, region, received_at, reports, packed";
    private const string Everywhere = $"SELECT * FROM (SELECT {Columns} FROM batches UNION ALL SELECT {Columns} FROM set_aside)";

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
            CREATE TABLE IF NOT EXISTS amendments (place INTEGER PRIMARY KEY, batch BLOB NOT NULL, report INTEGER NOT NULL, details BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS amendments_of_batch ON amendments (batch, report);
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
        var waiting = _connection.Prepare("SELECT service, count(*), sum(reports) FROM batches GROUP BY service")
            .All(row => (Service: row.Text(0), Batches: (int)row.Integer(1), Reports: (int)row.Integer(2)));
        return waiting.ToDictionary(
            w => ServiceSlug.TryParse(w.Service, out var slug) ? slug : throw new InvalidDataException("a row names no service"),
            w => (w.Batches, w.Reports));
    }

    /// <returns>
    /// When the batch was received first: another instant than its own where it waits here already; null where it is new.
    /// </returns>
    public DateTimeOffset? Append(ReportBatch batch, byte[] packed)
    {
        if (Find(batch.Id) is { } known)
            return known.ReceivedAt;
        _connection.Prepare("INSERT INTO batches (place, id, service, region, received_at, reports, packed) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .With(++_lastPlace).WithId(batch.Id.Value).WithKey(batch.Key)
            .With(batch.ReceivedAt.ToUnixTimeMilliseconds()).With(batch.Reports.Count).With(packed).Run();
        return null;
    }

    /// <returns>False where its batch is not here.</returns>
    public bool Withdraw(ReportId report)
    {
        if (report.Index < 0 || report.Index >= (Find(report.Batch)?.Reports ?? 0))
            return false;
        _connection.Prepare("INSERT OR IGNORE INTO withdrawals (batch, report) VALUES (?, ?)")
            .WithId(report.Batch.Value).With(report.Index).Run();
        return true;
    }

    /// <param name="amendment">The report as it will stand, unless the store knows better; null where it was taken back.</param>
    /// <returns>False where its batch is not here.</returns>
    public bool Amend(ReportId report, ReportDetails details, out Amendment? amendment)
    {
        amendment = null;
        if (_connection.Prepare($"{Everywhere} WHERE id = ?1").WithId(report.Batch.Value).First(ReadRow) is not { } row
            || report.Index < 0 || report.Index >= row.Reports)
            return false;
        if (row.Withdrawn.Contains(report.Index))
            return true;
        var batch = row.Unpack();
        var told = ToldReport.Of(batch.Key, batch.Reports[report.Index]);
        foreach (var (_, earlier) in row.Amended.Where(a => a.Index == report.Index))
            told = told.Add(PackedBatch.UnpackDetails(earlier)).After;
        var (after, taken) = told.Add(details);
        if (!taken.IsEmpty)
        {
            _connection.Prepare("INSERT INTO amendments (batch, report, details) VALUES (?, ?, ?)")
                .WithId(report.Batch.Value).With(report.Index).With(PackedBatch.Pack(taken)).Run();
        }
        amendment = new Amendment(batch.Key, after, taken);
        return true;
    }

    /// <summary>The oldest batches of a service after a place, in order.</summary>
    public List<SpooledBatch> Read(ServiceSlug service, long after, int most) =>
        _connection.Prepare($"SELECT {Columns} FROM batches WHERE service = ? AND place > ? ORDER BY place LIMIT ?")
            .With(service.ToString()).With(after).With(most).All(ReadRow);

    /// <summary>
    /// Forgets batches that the store has, but for those of which more was taken back or told since they were read; an empty spool gives
    /// the disk back what it does not need.
    /// </summary>
    /// <returns>Those that are gone.</returns>
    public List<SpooledBatch> Remove(IEnumerable<SpooledBatch> stored)
    {
        var gone = new List<SpooledBatch>();
        foreach (var batch in stored)
        {
            if (_connection.Prepare("""
                    DELETE FROM batches WHERE place = ?1 AND (SELECT count(*) FROM withdrawals WHERE batch = ?2) = ?3
                        AND (SELECT count(*) FROM amendments WHERE batch = ?2) = ?4
                    """)
                .With(batch.Place).WithId(batch.Id.Value).With(batch.Withdrawn.Count).With(batch.Amended.Count).Run() == 0)
            {
                continue;
            }
            _connection.Prepare("DELETE FROM withdrawals WHERE batch = ?").WithId(batch.Id.Value).Run();
            _connection.Prepare("DELETE FROM amendments WHERE batch = ?").WithId(batch.Id.Value).Run();
            gone.Add(batch);
        }
        // It frees a page with every row.
        if (_connection.ReadNumber("SELECT EXISTS (SELECT 1 FROM batches)") == 0)
            _ = _connection.Prepare("PRAGMA incremental_vacuum").All(_ => true);
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
        _ = Amend(new ReportId(batch.Id, 0), new ReportDetails(Problem.Other, null, null, null), out _);
        _ = Withdraw(new ReportId(batch.Id, 0));
        return Remove(Read(batch.Key.Service, 0, int.MaxValue).Where(b => b.Id == batch.Id)).Count > 0;
    }

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

    private (DateTimeOffset ReceivedAt, long Reports)? Find(BatchId id) =>
        _connection.Prepare("SELECT received_at, reports FROM batches WHERE id = ?1 UNION ALL SELECT received_at, reports FROM set_aside WHERE id = ?1")
            .WithId(id.Value).First<(DateTimeOffset, long)?>(row => (row.Instant(0), row.Integer(1)));

    private SpooledBatch ReadRow(Statement row) => new(
        row.Integer(0), new BatchId(row.Id(1)), ServiceSlug.Parse(row.Text(2)), row.Text(3), row.Instant(4), (int)row.Integer(5),
        row.Blob(6).ToArray(), Withdrawn(row.Id(1)), Amended(row.Id(1)));

    private List<(int Index, byte[] Details)> Amended(UInt128 batch) =>
        _connection.Prepare("SELECT report, details FROM amendments WHERE batch = ? ORDER BY place").WithId(batch)
            .All(row => ((int)row.Integer(0), row.Blob(1).ToArray()));

    private List<int> Withdrawn(UInt128 batch) =>
        _connection.Prepare("SELECT report FROM withdrawals WHERE batch = ? ORDER BY report").WithId(batch).All(row => (int)row.Integer(0));
}

/// <summary>
/// A row of the spool: its place in the order of arrival, the batch as it came (<see cref="PackedBatch"/>), which of its reports were taken
/// back since, and what was told of them.
/// </summary>
internal sealed record SpooledBatch(
    long Place, BatchId Id, ServiceSlug Service, string Region, DateTimeOffset ReceivedAt, int Reports, byte[] Packed,
    IReadOnlyList<int> Withdrawn, IReadOnlyList<(int Index, byte[] Details)> Amended)
{
    /// <summary>The batch, as it was to be stored in the first place.</summary>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public ReportBatch Unpack()
    {
        var reports = PackedBatch.Unpack(Packed, ReceivedAt);
        if (!Core.Services.Region.TryParse(Region, out var region) || region == Core.Services.Region.World
            || reports.Count != Reports || reports.Count is 0 or > ReportBatch.MaxReports)
            throw new InvalidDataException("A spooled batch is damaged.");
        return new ReportBatch(Id, new WatchKey(Service, region), ReceivedAt, reports);
    }
}
