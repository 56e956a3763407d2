using OutageAggregator.Contracts;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;

namespace OutageAggregator.Storage.Tests.Sqlite;

public sealed class SqliteCursorStoreTests : CursorStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStorage? _storage;

    public override async ValueTask DisposeAsync()
    {
        await _storage!.DisposeAsync();
        _folder.Dispose();
        await base.DisposeAsync();
    }

    protected override ValueTask<ICursorStore> OpenAsync()
    {
        _storage = _folder.Open();
        return new(new SqliteCursorStore(_storage));
    }

    [Fact]
    public async Task A_position_that_was_saved_is_there_after_a_crash()
    {
        await Cursors.SaveAsync("webhooks", 7, None);
        using var files = _folder.CopyAsCrashed();
        await using var again = files.Open();

        Assert.Equal(7, await new SqliteCursorStore(again).ReadAsync("webhooks", None));
    }

    [Fact]
    public async Task A_folder_of_before_there_were_cursors_opens_and_has_none()
    {
        await _storage!.DisposeAsync();
        using (var shell = _folder.Shell())
        {
            shell.Execute("DROP TABLE proposals; DROP TABLE proposal_cells; DROP TABLE proposal_turns; DROP TABLE proposal_names; DROP TABLE accepted_services");
            shell.Execute("DROP TABLE cursors; DROP TABLE amended; ALTER TABLE remarks DROP COLUMN went_to_worked; PRAGMA user_version = 4");
        }
        _storage = _folder.Open();
        var cursors = new SqliteCursorStore(_storage);

        Assert.Null(await cursors.ReadAsync("webhooks", None));
        await cursors.SaveAsync("webhooks", 1, None);
        Assert.Equal(1, await cursors.ReadAsync("webhooks", None));
    }
}
