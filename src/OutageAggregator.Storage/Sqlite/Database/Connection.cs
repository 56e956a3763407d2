using SQLitePCL;

namespace OutageAggregator.Storage.Sqlite.Database;

/// <summary>
/// One connection to the database file, for one thread at a time.
/// <para>
/// It speaks to SQLite's own functions instead of through ADO.NET. The stores live on packed columns: here a blob goes in and comes out
/// as a span without a copy, a prepared statement is bound by position and run again without an allocation, and an error keeps SQLite's
/// code. Through ADO.NET each of the four statements of a batch looks its parameters up by name and makes a reader.
/// </para>
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(ReferenceEqualityComparer.Instance);
    private readonly sqlite3 _handle;

    static Connection() => Batteries_V2.Init();

    private Connection(sqlite3 handle, string path) => (_handle, Path) = (handle, path);

    public string Path { get; }

    /// <summary>The setting that bounds its size.</summary>
    public string LimitKey { get; set; } = "Storage:MaxMegabytes";

    /// <summary>Opens a database; makes it where it is missing and <paramref name="create"/> is set.</summary>
    /// <exception cref="StoreUnavailableException">It can't be opened.</exception>
    public static Connection Open(string path, bool create, int busyMilliseconds)
    {
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (create ? raw.SQLITE_OPEN_CREATE : 0);
        var opened = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new Connection(handle, path);
        try
        {
            connection.Check(opened);
            connection.Check(raw.sqlite3_busy_timeout(handle, busyMilliseconds));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A statement that is prepared once and used again. The text is its name: pass a constant.</summary>
    public Statement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement))
        {
            // A binding that failed may have left it half bound.
            statement.Dispose();
            return statement;
        }
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        statement = new Statement(this, handle);
        _statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs statements that answer nothing.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Runs a statement that answers one number, such as a pragma.</summary>
    public long ReadNumber(string sql) => Prepare(sql).First(static row => row.Integer(0));

    /// <summary>Runs a statement that answers one text, such as a pragma.</summary>
    public string ReadText(string sql) => Prepare(sql).First(static row => row.Text(0)) ?? "";

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Leaves a transaction that failed, if there still is one: SQLite has rolled back itself after some errors.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0)
            _ = raw.sqlite3_exec(_handle, "ROLLBACK");
    }

    /// <summary>Pages written since the last call.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Copies the write-ahead log into the database as far as no reader stands in the way.</summary>
    public void Checkpoint() => _ = raw.sqlite3_wal_checkpoint_v2(_handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    /// <summary>Turns an error code into the exception that says what to do about it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="StoreUnavailableException">Anything else that failed.</exception>
    public void Check(int result)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
            return;
        var said = raw.sqlite3_errmsg(_handle).utf8_to_string();
        throw (result & 0xFF) switch
        {
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new InvalidDataException(said),
            raw.SQLITE_FULL => new StoreUnavailableException(
                $"The database '{Path}' can't grow: the disk is full, or {LimitKey} is reached. Make room, or raise it."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StoreUnavailableException(
                $"The database '{Path}' is locked by another program. Stop that program."),
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => new StoreUnavailableException(
                $"The database '{Path}' can't be written ({said}). Give this user write permission to it and to its folder."),
            _ => new StoreUnavailableException($"The database '{Path}' failed ({said}). Look at its disk."),
        };
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Close();
        _handle.Dispose();
    }

    /// <summary>What callers are told about a damaged file.</summary>
    public static StoreUnavailableException Damaged(string path, Exception cause) => new(
        $"The database '{path}' is damaged ({cause.Message}). Restore it from a backup, or move it away to start empty.", cause);

    /// <summary>True for what reading damaged columns throws.</summary>
    public static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or FormatException or System.Text.Json.JsonException;
}
