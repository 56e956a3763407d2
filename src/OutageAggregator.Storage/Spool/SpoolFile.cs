namespace OutageAggregator.Storage.Spool;

/// <summary>
/// The file of the spool, and its one writer: what is written together is on disk with one fsync. What it holds is in <see
/// cref="SpoolTables"/>. It is smaller again when it is empty: what people reported stays no longer than it has to.
/// </summary>
internal sealed class SpoolFile : IAsyncDisposable
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "spool.db";

    // Set aside and received no longer ago than this, a batch is tried again: whether Redis had it, it knows for 25 hours from when it did.
    private static readonly TimeSpan s_takenBackFor = TimeSpan.FromHours(24);

    private const int MaxWaiting = 100_000;
    private const int BusyMilliseconds = 5_000;

    private readonly SpoolTables _tables;
    private readonly GroupWriter _writer;

    private SpoolFile(Connection connection, SpoolTables tables, Action<string?> tell) =>
        (_tables, _writer) = (tables, new GroupWriter(connection, [tables], MaxWaiting, tell));

    /// <summary>Bytes in use, but for those of what is set aside.</summary>
    public long Bytes => Math.Max(0, _tables.Bytes - _tables.Aside.Bytes);

    /// <summary>How many reports are set aside.</summary>
    public long AsideReports => _tables.Aside.Reports;

    /// <summary>
    /// Opens the file, makes it where it is missing, and counts what waits in it; what was set aside of late waits again.
    /// </summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="tell">Told in a sentence why writes fail when they begin to, and null when they succeed again.</param>
    /// <exception cref="StoreUnavailableException">It can't be used: one line that names the file and says what to do.</exception>
    public static (SpoolFile File, Dictionary<ServiceSlug, (int Batches, int Reports)> Waiting) Open(string folder, Action<string?> tell) =>
        Open(folder, create: true, connection =>
        {
            connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            if (connection.ReadText("PRAGMA journal_mode = WAL") != "wal")
                throw new StoreUnavailableException($"The spool '{connection.Path}' can't keep a write-ahead log on its file system. Choose a data folder on a local disk.");
            connection.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 1048576; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY");
            var tables = new SpoolTables(connection);
            connection.Execute("BEGIN IMMEDIATE");
            tables.TakeBack(TimeProvider.System.GetUtcNow() - s_takenBackFor);
            connection.Execute("COMMIT");
            var waiting = tables.Count();
            return (new SpoolFile(connection, tables, tell), waiting);
        });

    /// <summary>How many reports wait in a folder's file that nobody is going to open; 0 where there is none.</summary>
    /// <exception cref="StoreUnavailableException">It can't be read: one line that names the file and says what to do.</exception>
    public static long CountLeft(string folder) => !File.Exists(Path.Combine(folder, FileName)) ? 0 : Open(folder, create: false, static connection =>
    {
        using (connection)
            return new SpoolTables(connection).Count().Values.Sum(static w => (long)w.Reports);
    });

    /// <summary>Completes when what was done with the tables is on disk.</summary>
    /// <exception cref="StoreUnavailableException">It was not done.</exception>
    public Task<T> WriteAsync<T>(Func<SpoolTables, T> write) => _writer.WriteAsync(() => write(_tables), WriteKind.Live);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

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
            if (!Connection.IsDamage(exception))
                throw;
            throw new StoreUnavailableException($"The spool '{path}' is damaged ({exception.Message}). Move it away to start an empty one; the reports in it were accepted and not counted.", exception);
        }
    }
}
