using OutageAggregator.Storage.Sqlite;
using OutageAggregator.Storage.Sqlite.Tables;
using OutageAggregator.TestKit;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Storage.Tests.Sqlite;

/// <summary>What can't be opened is said in one line that names it and says what to do.</summary>
public sealed class SqliteOpeningTests : IDisposable
{
    private const string Tables = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";

    private const string DropLater =
        """
        SELECT group_concat('DROP TABLE ' || name, ';') FROM sqlite_schema
        WHERE type = 'table' AND name NOT IN ('hours', 'reporter_sketches', 'journal', 'remarks', 'observed', 'state', 'events', 'incidents')
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_is_missing_is_made()
    {
        var inner = Path.Combine(_folder.Path, "a", "b");

        await using var storage = SqliteStorage.Open(inner, new StorageSettings());

        Assert.True(File.Exists(Path.Combine(inner, "outages.db")));
    }

    [Fact]
    public async Task A_second_opener_is_refused_until_the_first_one_closes()
    {
        var first = _folder.Open();

        AssertRefused(_folder.Path, "in use by another process");

        await first.DisposeAsync();
        await using var second = _folder.Open();
    }

    [Fact]
    public void A_folder_below_a_file_is_refused()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        AssertRefused(Path.Combine(file, "data"), "can't be written");
    }

    [Fact]
    public void A_folder_without_permission_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions don't bind this user.");
        var locked = Directory.CreateDirectory(Path.Combine(_folder.Path, "locked")).FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        AssertRefused(locked, "can't be written");
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(_folder.Database, string.Concat(Enumerable.Repeat("this is not a database ", 1000)));

        AssertRefused(_folder.Path, "is damaged", "Restore it from a backup");
    }

    [Fact]
    public async Task A_database_with_a_damaged_page_is_refused()
    {
        await using (var storage = _folder.Open())
        {
            var store = new SqliteCountStore(storage);
            for (var i = 0; i < 50; i++)
                await store.ImportAsync(Chat, [.. Enumerable.Range(0, 60).Select(m => new CellCount(NoonAnd((i * 60) + m), new(3), m + 1))], default);
        }
        await using (var file = new FileStream(_folder.Database, FileMode.Open))
        {
            var garbage = new byte[3 * 4096];
            new Random(2).NextBytes(garbage);
            file.Seek(4096, SeekOrigin.Begin);
            await file.WriteAsync(garbage);
        }

        AssertRefused(_folder.Path, "is damaged");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await using (_folder.Open())
        {
        }
        using (var shell = _folder.Shell())
            shell.Execute("PRAGMA user_version = 99");

        AssertRefused(_folder.Path, "version 99", "newer");
    }

    [Fact]
    public async Task A_database_of_the_first_version_is_brought_up_to_date_and_keeps_what_it_held()
    {
        string today;
        await using (var storage = _folder.Open())
            await new SqliteCountStore(storage).AppendAsync(Batch(Chat, Noon, Down(1)), default);
        using (var shell = _folder.Shell())
        {
            today = shell.ReadText(Tables);
            shell.Execute(shell.ReadText(DropLater));
            shell.Execute("ALTER TABLE remarks DROP COLUMN went_to_worked; PRAGMA user_version = 1");
            Assert.NotEqual(today, shell.ReadText(Tables));
        }

        await using (var storage = _folder.Open())
        {
            Assert.Equal(1, await CountAsync(new SqliteCountStore(storage), Chat));
            Assert.Empty(await new SqliteReviewLog(storage).ReadAsync(new IncidentId(Chat.Service, 1), 10, default));
        }

        using var after = _folder.Shell();
        Assert.Equal(Schema.Version, after.ReadNumber("PRAGMA user_version"));
        Assert.Equal(today, after.ReadText(Tables));
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        using (var shell = _folder.Shell())
            shell.Execute("CREATE TABLE recipes (name TEXT)");

        AssertRefused(_folder.Path, "not one of OutageAggregator");
    }

    [Fact]
    public async Task What_is_refused_is_left_as_it_was_and_can_be_opened_once_mended()
    {
        await using (var storage = _folder.Open())
            await new SqliteCountStore(storage).AppendAsync(Batch(Chat, Noon, Down(1)), default);
        using (var shell = _folder.Shell())
            shell.Execute("PRAGMA user_version = 99");
        AssertRefused(_folder.Path, "newer");
        using (var shell = _folder.Shell())
            shell.Execute($"PRAGMA user_version = {Schema.Version}");

        await using var again = _folder.Open();
        Assert.Equal(1, await CountAsync(new SqliteCountStore(again), Chat));
    }

    private void AssertRefused(string folder, params string[] says)
    {
        var exception = Assert.Throws<StoreUnavailableException>(() => SqliteStorage.Open(folder, new StorageSettings { BusyMilliseconds = 0 }));

        Assert.DoesNotContain('\n', exception.Message);
        Assert.Contains(_folder.Path, exception.Message, StringComparison.Ordinal);
        Assert.All(says, s => Assert.Contains(s, exception.Message, StringComparison.Ordinal));
    }
}
