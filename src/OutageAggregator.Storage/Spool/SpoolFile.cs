using OutageAggregator.Storage.Sqlite.Database;

namespace OutageAggregator.Storage.Spool;

/// <summary>
/// The file of the spool, and its one writer: what is appended together is on disk with one fsync. What it holds is in <see
/// cref="SpoolTables"/>. It is smaller again when it is empty: what people reported stays no longer than it has to.
/// </summary>
internal sealed class SpoolFile : IGroupState, IAsyncDisposable
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "spool.db";

    /// <summary>
    /// Set aside and received no longer ago than this, a batch is tried again: whether Redis had it, it knows for 25 hours from when it
    /// did.
    /// </summary>
    public static readonly TimeSpan TakenBackFor = TimeSpan.FromHours(24);

    private const int MaxWaiting = 100_000;
    private const int BusyMilliseconds = 5_000;

    // A batch may be larger than what is left below the limit, and removing needs room as well.
    private const long Slack = 16 << 20;

    private readonly Connection _connection;
    private readonly SpoolTables _tables;
    private readonly GroupWriter _writer;
    private readonly long _mostBytes;
    private readonly long _pageBytes;
    private long _bytes;
    private long _asideReports;
    private long _asideBytes;

    private SpoolFile(Connection connection, SpoolTables tables, SpoolSettings settings, Action<string?> tell)
    {
        _connection = connection;
        _tables = tables;
        _mostBytes = settings.MaxBytes;
        _pageBytes = connection.ReadNumber("PRAGMA page_size");
        CountAside();
        Accept();
        _writer = new GroupWriter(connection, [this], MaxWaiting, tell);
    }

    /// <summary>Bytes in use, but for those of what is set aside.</summary>
    public long Bytes => Math.Max(0, Volatile.Read(ref _bytes) - Volatile.Read(ref _asideBytes));

    /// <summary>How many reports are set aside.</summary>
    public long AsideReports => Volatile.Read(ref _asideReports);

    /// <summary>
    /// Opens the file, makes it where it is missing, and counts what waits in it; what was set aside of late waits again.
    /// </summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="settings">How large it may grow.</param>
    /// <param name="tell">Told in a sentence why writes fail when they begin to, and null when they succeed again.</param>
    /// <exception cref="StoreUnavailableException">It can't be used: one line that names the file and says what to do.</exception>
    public static (SpoolFile File, Dictionary<ServiceSlug, (int Batches, int Reports)> Waiting) Open(string folder, SpoolSettings settings, Action<string?> tell) =>
        Open(folder, create: true, connection =>
        {
            Prepare(connection);
            var tables = new SpoolTables(connection);
            connection.Execute("BEGIN IMMEDIATE");
            tables.TakeBack(TimeProvider.System.GetUtcNow() - TakenBackFor);
            connection.Execute("COMMIT");
            var waiting = tables.Count();
            return (new SpoolFile(connection, tables, settings, tell), waiting);
        });

    /// <summary>How many reports wait in a folder's file that nobody is going to open; 0 where there is none.</summary>
    /// <exception cref="StoreUnavailableException">It can't be read: one line that names the file and says what to do.</exception>
    public static long CountLeft(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName)))
            return 0;
        return Open(folder, create: false, connection =>
        {
            using (connection)
                return new SpoolTables(connection).Count().Values.Sum(w => (long)w.Reports);
        });
    }

    /// <summary>Keeps a batch.</summary>
    /// <returns>When it was received first: another instant than its own where it waits here already.</returns>
    /// <exception cref="StoreUnavailableException">It was not kept.</exception>
    public Task<DateTimeOffset?> AppendAsync(ReportBatch batch)
    {
        var (id, packed) = (SpoolTables.Bytes16(batch.Id), PackedBatch.Pack(batch));
        return _writer.WriteAsync<DateTimeOffset?>(() => _tables.Append(batch, id, packed), WriteKind.Live);
    }

    /// <summary>
    /// Goes through all that is done with a batch, and leaves nothing: what can't be written is known now, and the first report waits for
    /// no compiler.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It can't be written.</exception>
    public Task RehearseAsync(ReportBatch batch)
    {
        var (id, packed) = (SpoolTables.Bytes16(batch.Id), PackedBatch.Pack(batch));
        return _writer.WriteAsync(
            () =>
            {
                _ = _tables.Append(batch, id, packed);
                _ = _tables.Withdraw(id, 0);
                return _tables.Read(batch.Key.Service, 0, 1).Count(b => b.Id == batch.Id && _tables.Remove(b));
            },
            WriteKind.Live);
    }

    /// <summary>Notes that a report is taken back.</summary>
    /// <returns>False where its batch is not here.</returns>
    public Task<bool> WithdrawAsync(ReportId id)
    {
        var batch = SpoolTables.Bytes16(id.Batch);
        return _writer.WriteAsync(() => _tables.Withdraw(batch, id.Index), WriteKind.Live);
    }

    /// <summary>The oldest batches of a service after a place, in order: as many as hold so many reports together, one at least.</summary>
    public Task<List<SpooledBatch>> ReadAsync(ServiceSlug service, long after, int reports) => _writer.WriteAsync(() => _tables.Read(service, after, reports), WriteKind.Live);

    /// <summary>Forgets batches that the store has, but for those of which another report was taken back since they were read.</summary>
    /// <returns>Those that are gone.</returns>
    public Task<List<SpooledBatch>> RemoveAsync(IReadOnlyCollection<SpooledBatch> stored) =>
        _writer.WriteAsync(
            () =>
            {
                List<SpooledBatch> gone = [.. stored.Where(_tables.Remove)];
                _tables.Shrink();
                return gone;
            },
            WriteKind.Live);

    /// <summary>Puts a batch where it stands in nobody's way.</summary>
    /// <returns>False where as much is set aside as may wait: it stays where it is.</returns>
    public Task<bool> SetAsideAsync(SpooledBatch batch, string why) => _writer.WriteAsync(
        () =>
        {
            if (_asideBytes >= _mostBytes)
                return false;
            _tables.SetAside(batch, why);
            CountAside();
            return true;
        },
        WriteKind.Live);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    void IGroupState.Flush(bool isLast) { }

    public void Accept() => Volatile.Write(
        ref _bytes, (_connection.ReadNumber("PRAGMA page_count") - _connection.ReadNumber("PRAGMA freelist_count")) * _pageBytes);

    void IGroupState.Undo() => CountAside();

    // What is set aside leaves those that wait the room they had.
    private void CountAside()
    {
        var (reports, bytes) = _tables.CountAside();
        Volatile.Write(ref _asideReports, reports);
        Volatile.Write(ref _asideBytes, bytes);
        var pages = (_mostBytes + bytes + Slack) / _pageBytes;
        _ = _connection.ReadNumber(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
    }

    private static T Open<T>(string folder, bool create, Func<Connection, T> use)
    {
        var path = Path.Combine(Path.GetFullPath(folder), FileName);
        Connection? connection = null;
        try
        {
            connection = Connection.Open(path, create, BusyMilliseconds);
            connection.LimitKey = "Spool:MaxMegabytes";
            return use(connection);
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            if (Connection.IsDamage(exception))
                throw new StoreUnavailableException($"The spool '{path}' is damaged ({exception.Message}). Move it away to start an empty one; the reports in it were accepted and not counted.", exception);
            throw;
        }
    }

    private static void Prepare(Connection connection)
    {
        connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
        if (connection.ReadText("PRAGMA journal_mode = WAL") != "wal")
            throw new StoreUnavailableException($"The spool '{connection.Path}' can't keep a write-ahead log on its file system. Choose a data folder on a local disk.");
        connection.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 1048576; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY");
    }
}
