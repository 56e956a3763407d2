using OutageAggregator.Contracts;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;

namespace OutageAggregator.Storage.Tests.Sqlite;

public sealed class SqliteProposalStoreTests : ProposalStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStorage? _storage;

    public override async ValueTask DisposeAsync()
    {
        await _storage!.DisposeAsync();
        _folder.Dispose();
        await base.DisposeAsync();
    }

    protected override ValueTask<IProposalStore> OpenAsync()
    {
        _storage = _folder.Open();
        return new(new SqliteProposalStore(_storage));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_answered_is_there_after_an_end_or_a_crash(bool crash)
    {
        await NameAsync("Foo Bank", 0, person: 1);
        await NameAsync("Bar Bank", 0, person: 1);
        await Store.AcceptAsync(Service("bar-bank", "Bar Bank"), None);
        await Store.MovedAsync(ServiceSlug.Parse("bar-bank"), None);
        if (!crash)
            await _storage!.DisposeAsync();
        using var files = _folder.CopyAsCrashed();
        await using var again = files.Open();
        var store = new SqliteProposalStore(again);

        Assert.Equal(("Foo Bank", 1), Assert.Single(await store.ReadAsync(Noon, None)) is var kept ? (kept.Name, kept.Last15m) : default);
        Assert.Equal(NamingOutcome.Duplicate, (await store.NameAsync(new Naming(Name("foobank"), new Reporter(7, 1), Region.Unknown, Noon.AddMinutes(1)), None)).Outcome);
        Assert.True(Assert.Single(await store.ReadAcceptedAsync(None)).IsMoved);
    }

    [Fact]
    public async Task A_row_that_is_no_service_is_told_as_damage()
    {
        await Store.AcceptAsync(Service("foobank", "Foo Bank"), None);
        using (var shell = _folder.Shell())
            shell.Execute("UPDATE accepted_services SET body = '{\"slug\":\"No Slug\"}'");

        var read = await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.ReadAcceptedAsync(None));
        Assert.Contains("A stored service is damaged", read.Message, StringComparison.Ordinal);
    }
}
