using System.Text;
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

    public Statement With(long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, ++_bound, value));
        return this;
    }

    public Statement With(long? value)
    {
        if (value is { } number)
            return With(number);
        connection.Check(raw.sqlite3_bind_null(handle, ++_bound));
        return this;
    }

    public Statement With(string? value)
    {
        if (value is null)
            return With((long?)null);
        if (value.Length * 3 > LongestOnStack)
        {
            connection.Check(raw.sqlite3_bind_text(handle, ++_bound, value));
            return this;
        }
        Span<byte> utf8 = stackalloc byte[LongestOnStack];
        connection.Check(raw.sqlite3_bind_text(handle, ++_bound, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
        return this;
    }

    /// <summary>Binds bytes, which SQLite copies; there is at least one.</summary>
    public Statement With(ReadOnlySpan<byte> value)
    {
        connection.Check(raw.sqlite3_bind_blob(handle, ++_bound, value));
        return this;
    }

    /// <summary>True where there is a (further) row.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        connection.Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that answers nothing, and makes it ready again.</summary>
    public void Run()
    {
        using (this)
            _ = Step();
    }

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
}
