using System.Buffers.Binary;
using System.Globalization;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Storage.Sqlite;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// The file of the spool, and its one writer: what is appended together is on disk with one fsync.
/// <code>
///   spool.db   batches       what waits, in order of arrival
///              withdrawals   reports of those that were taken back meanwhile: taken back in the store, too, before their batch leaves
///              set_aside     batches that the store will never take (damaged, or of a service that is gone), and why: for the operator
/// </code>
/// It is smaller again when it is empty: what people reported stays no longer than it has to.
/// </summary>
internal sealed class SpoolFile : IGroupState, IAsyncDisposable
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "spool.db";

    private const int MaxWaiting = 100_000;
    private const int BusyMilliseconds = 5_000;

    // A batch may be larger than what is left below the limit, and removing needs room as well.
    private const long Slack = 16 << 20;

    private readonly Connection _connection;
    private readonly GroupWriter _writer;
    private readonly long _pageBytes;
    private long _bytes;

    private SpoolFile(Connection connection, Action<string?> tell)
    {
        _connection = connection;
        _pageBytes = connection.ReadNumber("PRAGMA page_size");
        Accept();
        _writer = new GroupWriter(connection, [this], MaxWaiting, tell);
    }

    /// <summary>Bytes in use.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Opens the file, makes it where it is missing, and counts what waits in it.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="settings">How large it may grow.</param>
    /// <param name="tell">Told in a sentence why writes fail when they begin to, and null when they succeed again.</param>
    /// <exception cref="StoreUnavailableException">It can't be used: one line that names the file and says what to do.</exception>
    public static (SpoolFile File, Dictionary<ServiceSlug, (int Batches, int Reports)> Waiting) Open(string folder, SpoolSettings settings, Action<string?> tell)
    {
        var path = Path.Combine(Path.GetFullPath(folder), FileName);
        Connection? connection = null;
        try
        {
            connection = Connection.Open(path, create: true, BusyMilliseconds);
            connection.LimitKey = "Spool:MaxMegabytes";
            Prepare(connection, settings);
            var waiting = Count(connection);
            return (new SpoolFile(connection, tell), waiting);
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            if (Connection.IsDamage(exception))
                throw new StoreUnavailableException($"The spool '{path}' is damaged ({exception.Message}). Move it away to start an empty one; the reports in it were accepted and not counted.", exception);
            throw;
        }
    }

    /// <summary>Keeps a batch.</summary>
    /// <returns>When it was received first: another instant than its own where it waits here already.</returns>
    /// <exception cref="StoreUnavailableException">It was not kept.</exception>
    public Task<DateTimeOffset?> AppendAsync(ReportBatch batch)
    {
        var (id, packed) = (Bytes16(batch.Id), PackedBatch.Pack(batch));
        return _writer.WriteAsync<DateTimeOffset?>(() => Append(batch, id, packed), WriteKind.Live);
    }

    /// <summary>Goes through all that is done with a batch, and leaves nothing: what can't be written is known now, and the first report waits for no compiler.</summary>
    /// <exception cref="StoreUnavailableException">It can't be written.</exception>
    public Task RehearseAsync(ReportBatch batch)
    {
        var (id, packed) = (Bytes16(batch.Id), PackedBatch.Pack(batch));
        return _writer.WriteAsync(
            () =>
            {
                _ = Append(batch, id, packed);
                _ = Withdraw(id, 0);
                return Read(batch.Key.Service, 1).Count(b => b.Id == batch.Id && Remove(b));
            },
            WriteKind.Live);
    }

    /// <summary>Notes that a report is taken back.</summary>
    /// <returns>False where its batch does not wait here.</returns>
    public Task<bool> WithdrawAsync(ReportId id)
    {
        var batch = Bytes16(id.Batch);
        return _writer.WriteAsync(() => Withdraw(batch, id.Index), WriteKind.Live);
    }

    /// <summary>The oldest batches of a service, in order: as many as hold so many reports together, one at least.</summary>
    public Task<List<SpooledBatch>> ReadAsync(ServiceSlug service, int reports) => _writer.WriteAsync(() => Read(service, reports), WriteKind.Live);

    /// <summary>Forgets batches that the store has, but for those of which another report was taken back since they were read.</summary>
    /// <returns>Those that are gone.</returns>
    public Task<List<SpooledBatch>> RemoveAsync(IReadOnlyCollection<SpooledBatch> stored) =>
        _writer.WriteAsync(
            () =>
            {
                List<SpooledBatch> gone = [.. stored.Where(Remove)];
                Shrink();
                return gone;
            },
            WriteKind.Live);

    /// <summary>Puts a batch where it stands in nobody's way.</summary>
    public Task SetAsideAsync(SpooledBatch batch, string why) => _writer.WriteAsync(
        () =>
        {
            _connection.Prepare("INSERT INTO set_aside SELECT place, id, service, region, received_at, reports, packed, ? FROM batches WHERE place = ?").With(why).With(batch.Place).Run();
            _connection.Prepare("DELETE FROM batches WHERE place = ?").With(batch.Place).Run();
            return true;
        },
        WriteKind.Live);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    void IGroupState.Flush(bool isLast) { }

    public void Accept() => Volatile.Write(
        ref _bytes, (_connection.ReadNumber("PRAGMA page_count") - _connection.ReadNumber("PRAGMA freelist_count")) * _pageBytes);

    void IGroupState.Undo() { }

    private DateTimeOffset? Append(ReportBatch batch, byte[] id, byte[] packed)
    {
        using (var known = _connection.Prepare("SELECT received_at FROM batches WHERE id = ?").With(id))
        {
            if (known.Step())
                return DateTimeOffset.FromUnixTimeMilliseconds(known.Integer(0));
        }
        _connection.Prepare("INSERT INTO batches (id, service, region, received_at, reports, packed) VALUES (?, ?, ?, ?, ?, ?)")
            .With(id).With(batch.Key.Service.ToString()).With(batch.Key.Region.ToString()).With(batch.ReceivedAt.ToUnixTimeMilliseconds())
            .With(batch.Reports.Count).With(packed).Run();
        return null;
    }

    private bool Withdraw(byte[] batch, int index)
    {
        using (var row = _connection.Prepare("SELECT reports FROM batches WHERE id = ?").With(batch))
        {
            if (!row.Step() || index < 0 || index >= row.Integer(0))
                return false;
        }
        _connection.Prepare("INSERT OR IGNORE INTO withdrawals (batch, report) VALUES (?, ?)").With(batch).With(index).Run();
        return true;
    }

    private List<SpooledBatch> Read(ServiceSlug service, int reports)
    {
        var batches = new List<SpooledBatch>();
        using var rows = _connection.Prepare("SELECT place, id, region, received_at, reports, packed FROM batches WHERE service = ? ORDER BY place LIMIT 256").With(service.ToString());
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

    private List<int> Withdrawn(byte[] batch)
    {
        var withdrawn = new List<int>();
        using var rows = _connection.Prepare("SELECT report FROM withdrawals WHERE batch = ? ORDER BY report").With(batch);
        while (rows.Step())
            withdrawn.Add((int)rows.Integer(0));
        return withdrawn;
    }

    private bool Remove(SpooledBatch batch)
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

    // Gives the disk back what an empty spool does not need.
    private void Shrink()
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

    private static void Prepare(Connection connection, SpoolSettings settings)
    {
        connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
        if (connection.ReadText("PRAGMA journal_mode = WAL") != "wal")
            throw new StoreUnavailableException($"The spool '{connection.Path}' can't keep a write-ahead log on its file system. Choose a data folder on a local disk.");
        connection.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 1048576; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY");
        connection.Execute(
            """
            CREATE TABLE IF NOT EXISTS batches (place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, service TEXT NOT NULL, region TEXT NOT NULL, received_at INTEGER NOT NULL, reports INTEGER NOT NULL, packed BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS batches_of_service ON batches (service, place);
            CREATE TABLE IF NOT EXISTS withdrawals (batch BLOB NOT NULL, report INTEGER NOT NULL, PRIMARY KEY (batch, report)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS set_aside (place INTEGER NOT NULL, id BLOB NOT NULL, service TEXT NOT NULL, region TEXT NOT NULL, received_at INTEGER NOT NULL, reports INTEGER NOT NULL, packed BLOB NOT NULL, why TEXT NOT NULL);
            """);
        var pages = (settings.MaxBytes + Slack) / connection.ReadNumber("PRAGMA page_size");
        _ = connection.ReadNumber(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
    }

    private static Dictionary<ServiceSlug, (int Batches, int Reports)> Count(Connection connection)
    {
        var waiting = new Dictionary<ServiceSlug, (int, int)>();
        using var rows = connection.Prepare("SELECT service, count(*), sum(reports) FROM batches GROUP BY service");
        while (rows.Step())
            waiting[ServiceSlug.TryParse(rows.Text(0), out var slug) ? slug : throw new InvalidDataException("a row names no service")] = ((int)rows.Integer(1), (int)rows.Integer(2));
        return waiting;
    }

    private static byte[] Bytes16(BatchId id)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id.Value);
        return bytes;
    }
}
