using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Storage.Tests.Sqlite;

/// <summary>A file that can't be written now: callers are told, nothing is half done, and it goes on when the file can be written again.</summary>
public sealed class SqliteTroubleTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();
    private readonly List<string?> _told = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_group_that_fails_counts_nothing_and_takes_nobody_s_turn()
    {
        await using var storage = _folder.Open(tell: _told.Add);
        var store = new SqliteCountStore(storage);
        await store.AppendAsync(Batch(Chat, Noon, Down(1)), s_none);
        var batch = Batch(Chat, Noon.AddMinutes(1), Down(1), Down(2), Down(3));
        using var shell = _folder.Shell();
        shell.Execute("CREATE TRIGGER fail BEFORE INSERT ON journal BEGIN SELECT RAISE(FAIL, 'no more'); END");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(batch, s_none));
        Assert.Equal(1, await CountAsync(store, Chat));
        shell.Execute("DROP TRIGGER fail");

        var answer = await store.AppendAsync(batch, s_none);
        Assert.False(answer.IsRepeat);
        Assert.Equal([ReportOutcome.Duplicate, ReportOutcome.Counted, ReportOutcome.Counted], answer.Receipts.Select(r => r.Outcome));
        Assert.Equal(3, await CountAsync(store, Chat));
        Assert.Equal(3, await store.CountReportersAsync(Chat, NoonAnd(0), NoonAnd(1), s_none));
        Assert.Contains("no more", Assert.Single(_told, t => t is not null), StringComparison.Ordinal);
        Assert.Null(_told[^1]);
    }

    [Fact]
    public async Task A_withdrawal_that_fails_takes_nothing_back()
    {
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        var batch = Batch(Chat, Noon, Down(1));
        await store.AppendAsync(batch, s_none);
        using var shell = _folder.Shell();
        shell.Execute("CREATE TRIGGER fail BEFORE UPDATE ON journal BEGIN SELECT RAISE(FAIL, 'no more'); END");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WithdrawAsync(new ReportId(batch.Id, 0), s_none));
        shell.Execute("DROP TRIGGER fail");

        Assert.Equal(1, await CountAsync(store, Chat));
        Assert.Equal([ReportOutcome.Duplicate], (await store.AppendAsync(Batch(Chat, Noon, Down(1)), s_none)).Receipts.Select(r => r.Outcome));
        Assert.True((await store.WithdrawAsync(new ReportId(batch.Id, 0), s_none))!.First);
        Assert.Equal(0, await CountAsync(store, Chat));
    }

    [Fact]
    public async Task A_fold_that_fails_is_done_later_and_counts_once()
    {
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        await store.AppendAsync(Batch(Chat, Noon, Down(1), Down(2)), s_none);
        using (var shell = _folder.Shell())
        {
            shell.Execute("CREATE TRIGGER fail BEFORE INSERT ON reporter_sketches BEGIN SELECT RAISE(FAIL, 'no more'); END");
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadReportedSinceAsync(NoonAnd(0), s_none));
            shell.Execute("DROP TRIGGER fail");
        }

        Assert.Equal([Chat.Service], await store.ReadReportedSinceAsync(NoonAnd(0), s_none));
        Assert.Equal(2, await CountAsync(store, Chat));
        using var files = _folder.CopyAsCrashed();
        await using var again = files.Open();
        Assert.Equal(2, await CountAsync(new SqliteCountStore(again), Chat));
    }

    [Fact]
    public async Task Events_that_fail_are_not_in_the_log_and_wake_nobody()
    {
        await using var storage = _folder.Open();
        var log = new SqliteIncidentLog(storage);
        using var shell = _folder.Shell();
        shell.Execute("CREATE TRIGGER fail BEFORE INSERT ON incidents BEGIN SELECT RAISE(FAIL, 'no more'); END");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => log.AppendAsync([Opened(1)], s_none));
        Assert.Empty(await log.ReadAsync(0, 10, s_none));
        Assert.Equal(0, await log.LastPositionAsync(s_none));
        shell.Execute("DROP TRIGGER fail");

        Assert.Equal(1, (await log.AppendAsync([Opened(1)], s_none)).Events[0].Position);
    }

    [Fact]
    public async Task A_file_locked_by_another_program_is_unavailable_until_it_lets_go()
    {
        await using var storage = _folder.Open(new StorageSettings { BusyMilliseconds = 20 });
        var store = new SqliteCountStore(storage);
        var batch = Batch(Chat, Noon, Down(1));
        using var shell = _folder.Shell();
        shell.Execute("BEGIN IMMEDIATE");

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(batch, s_none));
        Assert.Contains("locked by another program", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(store, Chat));
        shell.Execute("ROLLBACK");

        Assert.False((await store.AppendAsync(batch, s_none)).IsRepeat);
        Assert.Equal(1, await CountAsync(store, Chat));
    }

    [Fact]
    public async Task A_full_file_refuses_more_and_still_answers_readers()
    {
        await using var storage = _folder.Open(new StorageSettings { MaxMegabytes = 1 });
        var store = new SqliteCountStore(storage);
        var answered = 0;

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await store.AppendAsync(Batch(Chat, Noon, [.. Enumerable.Range(0, 2000).Select(r => Down((i * 2000) + r))]), s_none);
                answered += 2000;
            }
        });

        Assert.Contains("Storage:MaxMegabytes", exception.Message, StringComparison.Ordinal);
        Assert.True(answered > 0);
        Assert.Equal(answered, await CountAsync(store, Chat));
    }

    [Fact]
    public async Task A_damaged_row_fails_only_those_who_need_it()
    {
        await using (var storage = _folder.Open())
        {
            await new SqliteCountStore(storage).AppendAsync(Batch(Chat, Noon, Down(1)), s_none);
        }
        using (var shell = _folder.Shell())
            shell.Execute("UPDATE hours SET cells = x'FFFFFFFFFF7F' WHERE service = 'chatgpt'");

        await using var again = _folder.Open();
        var store = new SqliteCountStore(again);
        var damaged = Enumerable.Range(0, 20).Select(i => store.AppendAsync(Batch(Chat, Noon, Down(100 + i)), s_none)).ToList();
        var whole = Enumerable.Range(0, 20).Select(i => store.AppendAsync(Batch(Claude, Noon, Down(200 + i)), s_none)).ToList();

        await Task.WhenAll(whole);
        foreach (var append in damaged)
            Assert.Contains("is damaged", (await Assert.ThrowsAsync<StoreUnavailableException>(() => append)).Message, StringComparison.Ordinal);
        Assert.Equal(20, await CountAsync(store, Claude));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => CountAsync(store, Chat));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var storage = _folder.Open();
        await storage.DisposeAsync();
        var store = new SqliteCountStore(storage);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(Batch(Chat, Noon, Down(1)), s_none));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => CountAsync(store, Chat));
    }

    [Fact]
    public async Task Closing_finishes_what_waits()
    {
        var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        var appends = Enumerable.Range(0, 500).Select(i => store.AppendAsync(Batch(Chat, Noon, Down(i)), s_none)).ToArray();

        await storage.DisposeAsync();
        await Task.WhenAll(appends);

        await using var again = _folder.Open();
        Assert.Equal(500, await CountAsync(new SqliteCountStore(again), Chat));
    }

    [Fact]
    public async Task Too_many_waiting_writes_are_refused_at_once()
    {
        await using var storage = _folder.Open(new StorageSettings { MaxWaiting = 16, BusyMilliseconds = 60_000 });
        var store = new SqliteCountStore(storage);
        using var shell = _folder.Shell();
        shell.Execute("BEGIN IMMEDIATE");

        // At most 16 wait, and as many are in the group that waits for the lock.
        var appends = Enumerable.Range(0, 100).Select(i => store.AppendAsync(Batch(Chat, Noon, Down(i)), s_none)).ToArray();
        Assert.InRange(appends.Count(a => a.IsFaulted), 68, 84);
        shell.Execute("ROLLBACK");

        var answered = 0;
        foreach (var append in appends.Where(a => !a.IsFaulted))
            answered += (await append).Receipts.Count;
        Assert.Equal(answered, await CountAsync(store, Chat));
    }
}
