using SQLitePCL;

namespace OutageAggregator.Storage.Sqlite.Database;

/// <summary>
/// A prepared statement: bound with <c>With</c> from left to right, stepped through, and made ready for the next use by disposing it.
/// <code>
///   using var rows = connection.Prepare("SELECT hour, cells FROM hours WHERE service = ?").With("chatgpt");
///   while (rows.Step())
///       Use(rows.Integer(0), rows.Blob(1));
/// </code>
/// </summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    private const int LongestOnStack = 256;
    private int _bound;

    public Statement With(long value) => Bound(raw.sqlite3_bind_int64(handle, ++_bound, value));

    public Statement With(long? value) => value is { } number ? With(number) : Bound(raw.sqlite3_bind_null(handle, ++_bound));

    public Statement With(string? value)
    {
        if (value is null)
            return With((long?)null);
        Span<byte> utf8 = stackalloc byte[LongestOnStack];
        return Bound(value.Length * 3 > LongestOnStack
            ? raw.sqlite3_bind_text(handle, ++_bound, value)
            : raw.sqlite3_bind_text(handle, ++_bound, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
    }

    /// <summary>Binds bytes, which SQLite copies; there is at least one.</summary>
    public Statement With(ReadOnlySpan<byte> value) => Bound(raw.sqlite3_bind_blob(handle, ++_bound, value));

    /// <summary>Binds 16 bytes, the high one first: ids that begin with the time lie in an index in order of time.</summary>
    public Statement WithId(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return With(bytes);
    }

    /// <summary>Binds a service and a region.</summary>
    public Statement WithKey(WatchKey key) => With(key.Service.ToString()).With(key.Region.ToString());

    /// <summary>True where there is a (further) row.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        connection.Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that answers nothing, and makes it ready again.</summary>
    /// <returns>Rows changed by it.</returns>
    public int Run()
    {
        using (this)
            _ = Step();
        return connection.Changes;
    }

    /// <summary>Reads all rows that are left, and makes it ready again.</summary>
    public List<T> All<T>(Func<Statement, T> read)
    {
        using (this)
        {
            var rows = new List<T>();
            while (Step())
                rows.Add(read(this));
            return rows;
        }
    }

    /// <summary>Reads the first row, or nothing where there is none, and makes it ready again.</summary>
    public T? First<T>(Func<Statement, T> read)
    {
        using (this)
            return Step() ? read(this) : default;
    }

    /// <summary>A service and, in the column after it, a region.</summary>
    public WatchKey Key(int column) => new(ServiceSlug.Parse(Text(column)), Region.Parse(Text(column + 1)));

    /// <summary>16 bytes, as they were bound.</summary>
    /// <exception cref="InvalidDataException">There are more or fewer.</exception>
    public UInt128 Id(int column) => Blob(column) is { Length: 16 } bytes
        ? BinaryPrimitives.ReadUInt128BigEndian(bytes)
        : throw new InvalidDataException("A stored id is not 16 bytes.");

    /// <summary>An instant, in milliseconds since 1970.</summary>
    public DateTimeOffset Instant(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Integer(column));

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);
    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;
    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    /// <summary>The bytes of a column, valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose()
    {
        _bound = 0;
        _ = raw.sqlite3_reset(handle);
    }

    internal void Close() => handle.Dispose();

    private Statement Bound(int result)
    {
        connection.Check(result);
        return this;
    }
}
