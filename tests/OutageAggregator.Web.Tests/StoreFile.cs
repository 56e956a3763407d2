using SQLitePCL;

namespace OutageAggregator.Web.Tests;

/// <summary>The database of an application under test, whose tables somebody else takes away and puts back: meanwhile it can't be read.</summary>
internal sealed class StoreFile : IDisposable
{
    private static readonly string[] s_tables = ["hours", "journal", "observed", "state", "events", "incidents", "reviews"];
    private readonly sqlite3 _file;

    /// <param name="folder">The application's data folder; its database is there.</param>
    internal StoreFile(string folder)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open_v2(Path.Combine(folder, "outages.db"), out _file, raw.SQLITE_OPEN_READWRITE, null));
        _ = raw.sqlite3_busy_timeout(_file, 5_000);
    }

    internal void Hide() => Execute(s_tables.Select(t => $"ALTER TABLE {t} RENAME TO {t}_hidden"));

    internal void Show() => Execute(s_tables.Select(t => $"ALTER TABLE {t}_hidden RENAME TO {t}"));

    public void Dispose() => _file.Dispose();

    private void Execute(IEnumerable<string> statements)
    {
        var result = raw.sqlite3_exec(_file, $"BEGIN IMMEDIATE; {string.Join("; ", statements)}; COMMIT");
        Assert.True(result == raw.SQLITE_OK, raw.sqlite3_errmsg(_file).utf8_to_string());
    }
}
