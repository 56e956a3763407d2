using OutageAggregator.Storage.Sqlite.Tables;

namespace OutageAggregator.Storage.Sqlite;

/// <summary>
/// The database of one data folder, open: one writer that commits in groups, readers beside it, and the folder held against a second
/// process. Both stores live on it.
/// <code>
///   outages.db        tables (Schema)
///   outages.db-wal    what was committed since the last checkpoint: part of the database, also in a backup
///   outages.db-shm    the log's index, made anew when it is missing
///   outages.lock      held while open; its content means nothing
/// </code>
/// <c>synchronous=FULL</c>: a commit is on disk (fsync) before it is answered. The lock is a file and not SQLite's exclusive mode, which
/// would keep a backup (<c>sqlite3 outages.db ".backup copy.db"</c>) and an operator's shell out too.
/// </summary>
public sealed class SqliteStorage : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly ReaderPool _readers;
    private readonly GroupWriter _writer;
    private readonly Connection _connection;

    private SqliteStorage(FileStream held, string path, Connection connection, StorageSettings settings, Action<string?> tell, string? shadowDamage)
    {
        _lock = held;
        _connection = connection;
        Settings = settings;
        Counts = new CountWrites(connection, settings);
        Events = new EventWrites(connection, LogTables.Public);
        _ = Events.Know();
        Events.Accept();
        ShadowEvents = new EventWrites(connection, LogTables.Shadow) { Damage = shadowDamage };
        _readers = new ReaderPool(path, settings);
        _writer = new GroupWriter(connection, [Counts, Events, ShadowEvents], settings.MaxWaiting, tell);
    }

    internal StorageSettings Settings { get; }
    internal CountWrites Counts { get; }
    internal EventWrites Events { get; }
    internal EventWrites ShadowEvents { get; }

    /// <summary>Opens the database of a folder; makes both where they are missing.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="settings">What is kept, and for how long.</param>
    /// <param name="tell">Told in a sentence why writes fail when they begin to, and null when they succeed again.</param>
    /// <exception cref="StoreUnavailableException">It can't be used: one line that names the folder or file and says what to
    /// do.</exception>
    public static SqliteStorage Open(string folder, StorageSettings settings, Action<string?>? tell = null)
    {
        folder = Path.GetFullPath(folder);
        var held = Hold(folder);
        var path = Path.Combine(folder, "outages.db");
        Connection? connection = null;
        try
        {
            connection = Connection.Open(path, create: true, settings.BusyMilliseconds);
            Configure(connection, settings);
            Schema.Prepare(connection);
            SqliteRepeatedBatches.TakeOver(connection, folder);
            return new SqliteStorage(held, path, connection, settings, tell ?? (static _ => { }), StoredDamage.Check(connection));
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            held.Dispose();
            if (Connection.IsDamage(exception))
                throw Connection.Damaged(path, exception);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _readers.Dispose();
        await _writer.DisposeAsync();
        await _lock.DisposeAsync();
    }

    /// <summary>Runs a write in the next transaction; once it is under way it is not given up.</summary>
    internal Task<T> WriteAsync<T>(Func<T> write, CancellationToken cancellation, WriteKind kind = WriteKind.Live) =>
        cancellation.IsCancellationRequested ? Task.FromCanceled<T>(cancellation) : _writer.WriteAsync(write, kind);

    /// <summary>Runs a write of rows that nothing in memory has to keep in step with, on the writer's thread and connection.</summary>
    internal Task<T> WriteAsync<T>(Func<Connection, T> write, CancellationToken cancellation) =>
        WriteAsync(() => write(_connection), cancellation);

    internal Task WriteAsync(Action write, CancellationToken cancellation, WriteKind kind = WriteKind.Live) =>
        WriteAsync(
            () =>
            {
                write();
                return true;
            },
            cancellation, kind);

    internal Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellation) => _readers.ReadAsync(read, cancellation);

    private static FileStream Hold(string folder)
    {
        var path = Path.Combine(folder, "outages.lock");
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
        {
            throw new StoreUnavailableException(
                $"The data folder '{folder}' is in use by another process. Stop that one, or choose another data folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The data folder '{folder}' can't be written ({exception.Message.TrimEnd('.')}). Give this user write permission to it, or choose another data folder.",
                exception);
        }
    }

    private static void Configure(Connection connection, StorageSettings settings)
    {
        // The first statement that reads the file: what is no database fails here.
        if (connection.ReadText("PRAGMA journal_mode = WAL") != "wal")
        {
            throw new StoreUnavailableException(
                $"The database '{connection.Path}' can't keep a write-ahead log on its file system. Choose a data folder on a local disk.");
        }
        // Checkpoints are the writer's, after it has answered; fullfsync matters on macOS only, where fsync does not reach the disk.
        connection.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA wal_autocheckpoint = 0");
        connection.Execute("PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY");
        var pageSize = connection.ReadNumber("PRAGMA page_size");
        _ = connection.ReadNumber($"PRAGMA max_page_count = {((long)settings.MaxMegabytes << 20) / pageSize}");
    }
}
