using OutageAggregator.Contracts;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;

namespace OutageAggregator.Storage.Tests.Sqlite;

public sealed class SqliteReviewLogTests : ReviewLogContract
{
    private static readonly IncidentId s_incident = new(ServiceSlug.Parse("chatgpt"), 1);

    private readonly TemporaryFolder _folder = new();
    private SqliteStorage? _storage;

    public override async ValueTask DisposeAsync()
    {
        await _storage!.DisposeAsync();
        _folder.Dispose();
        await base.DisposeAsync();
    }

    protected override ValueTask<IReviewLog> OpenAsync()
    {
        _storage = _folder.Open();
        return new(new SqliteReviewLog(_storage));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_review_that_was_answered_is_there_after_an_end_or_a_crash(bool crash)
    {
        var at = new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
        var first = await Log.AppendAsync(new Review(s_incident, ReviewVerdict.Unclear, "Too early to say.", at, "desk"), None);
        var second = await Log.AppendAsync(new Review(s_incident, ReviewVerdict.Confirmed, "", at.AddHours(1), "desk"), None);
        if (!crash)
            await _storage!.DisposeAsync();
        using var files = _folder.CopyAsCrashed();
        await using var again = files.Open();
        var log = new SqliteReviewLog(again);

        Assert.Equal([second, first], await log.ReadAsync(s_incident, 10, None));
        Assert.Equal(second, await log.AppendAsync(new Review(s_incident, ReviewVerdict.Confirmed, "", at.AddHours(2), "desk"), None));
        Assert.Equal(2, (await log.ReadAsync(s_incident, 10, None)).Count);
    }

    [Fact]
    public async Task A_row_that_is_no_review_is_told_as_damage()
    {
        await Log.AppendAsync(new Review(s_incident, ReviewVerdict.Confirmed, "", DateTimeOffset.UnixEpoch, "desk"), None);
        using (var shell = _folder.Shell())
            shell.Execute("UPDATE reviews SET verdict = 77");

        var read = await Assert.ThrowsAsync<StoreUnavailableException>(() => Log.ReadNewestAsync([s_incident], None));
        Assert.Contains("chatgpt-1", read.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => Log.AppendAsync(new Review(s_incident, ReviewVerdict.Confirmed, "", DateTimeOffset.UnixEpoch, "desk"), None));
    }
}
