using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Storage.Tests.Sqlite;

/// <summary>What the file holds, how long, and what readers see while it changes.</summary>
public sealed class SqliteKeepingTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reporters_are_forgotten_after_25_hours_and_their_counts_are_not()
    {
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        for (var i = 0; i < 700; i++)
            await store.AppendAsync(Batch(Chat, Noon, Down(i)), s_none);
        await store.AppendAsync(Batch(Chat, Noon.AddHours(2), Down(1000, 120)), s_none);

        // What is not folded yet is not forgotten; this question folds, as does a second of time.
        await store.ReadReportedSinceAsync(NoonAnd(0), s_none);
        for (var minute = 1; minute <= 4; minute++)
            await store.ObserveAsync(Noon.AddHours(25).AddMinutes(minute), s_none);

        using var shell = _folder.Shell();
        Assert.Equal(1, shell.ReadNumber("SELECT count(*) FROM journal"));
        Assert.Equal(701, await CountAsync(store, Chat));
    }

    [Fact]
    public async Task Numbers_of_the_journal_go_on_where_all_of_it_was_pruned()
    {
        await using (var storage = _folder.Open())
        {
            var store = new SqliteCountStore(storage);
            await store.AppendAsync(Batch(Chat, Noon, Down(1)), s_none);
            await store.ReadReportedSinceAsync(NoonAnd(0), s_none);
            await store.ObserveAsync(Noon.AddHours(26), s_none);
        }
        using (var shell = _folder.Shell())
            Assert.Equal(0, shell.ReadNumber("SELECT count(*) FROM journal"));

        await using var again = _folder.Open();
        await new SqliteCountStore(again).AppendAsync(Batch(Chat, Noon.AddHours(26), Down(2)), s_none);
        using var files = _folder.CopyAsCrashed();
        await using var crashed = files.Open();
        Assert.Equal(2, await CountAsync(new SqliteCountStore(crashed), Chat));
    }

    [Fact]
    public async Task Counts_by_the_minute_are_kept_for_the_months_of_the_settings()
    {
        await using var storage = _folder.Open(new StorageSettings { MinuteMonths = 2 });
        var store = new SqliteCountStore(storage);
        await store.ImportAsync(Chat, [new(NoonAnd(0), new ReportCell(0), 5), new(NoonAnd(60), new ReportCell(0), 7)], s_none);

        await store.ObserveAsync(Noon.AddDays(62), s_none);
        Assert.Equal(12, await CountAsync(store, Chat));
        Assert.Equal(NoonAnd(0), store.KeptSince(1, NoonAnd(62 * Minute.PerDay)));

        await store.ObserveAsync(Noon.AddDays(62).AddHours(1), s_none);
        Assert.Equal(7, await CountAsync(store, Chat));
        Assert.Equal(NoonAnd(60), store.KeptSince(1, NoonAnd((62 * Minute.PerDay) + 60)));
    }

    [Fact]
    public async Task Minutes_of_an_incident_are_kept_for_ever_with_the_hour_around_it()
    {
        await using var storage = _folder.Open(new StorageSettings { MinuteMonths = 2 });
        var store = new SqliteCountStore(storage);
        foreach (var key in new[] { Chat, Claude })
            await store.ImportAsync(key, [.. Enumerable.Range(-4, 10).Select(h => new CellCount(NoonAnd(h * 60), new ReportCell(0), 1))], s_none);
        await store.AppendAsync(Batch(Chat, Noon, Down(1)), s_none);
        await store.AppendAsync(Batch(Claude, Noon, Down(1)), s_none);
        // Folds: what is in memory only is not pruned.
        await store.ReadReportedSinceAsync(NoonAnd(0), s_none);
        // From 12:01, over at 13:30: the hours from 11 to 14 belong to it.
        var opened = Opened(1);
        await new SqliteIncidentLog(storage).AppendAsync(
            [opened, opened with { Number = 2, Kind = IncidentEventKind.Resolved, Incident = opened.Incident! with { State = IncidentState.Resolved, EndedAt = NoonAnd(90) } }], s_none);

        for (var minute = 0; minute < 4; minute++)
            await store.ObserveAsync(Noon.AddDays(70).AddMinutes(2 * minute), s_none);

        Assert.Equal((5, 0), (await CountAsync(store, Chat), await CountAsync(store, Claude)));
        using var shell = _folder.Shell();
        Assert.Equal("chatgpt", shell.ReadText("SELECT group_concat(service) FROM reporter_sketches"));
    }

    [Fact]
    public async Task Comments_are_kept_for_the_operator_until_they_are_taken_back_or_old()
    {
        await using var storage = _folder.Open(new StorageSettings { RemarkDays = 3 });
        var store = new SqliteCountStore(storage);
        var batch = Batch(
            Chat,
            Noon,
            Down(1, remark: new Remark("can't log in", ServiceSlug.Parse("claude"))),
            Down(2, remark: new Remark("niente da fare", null)),
            Down(2, remark: new Remark("a duplicate's", null)),
            Down(3));
        await store.AppendAsync(batch, s_none);
        using var shell = _folder.Shell();
        Assert.Equal("can't log in|claude, niente da fare|", Remarks());

        await store.WithdrawAsync(new ReportId(batch.Id, 0), s_none);
        Assert.Equal("niente da fare|", Remarks());

        await store.AmendAsync(new ReportId(batch.Id, 1), new ReportDetails(null, null, null, new Remark("another one", ServiceSlug.Parse("claude"))), s_none);
        Assert.Equal("niente da fare|claude", Remarks());

        var nowhere = Batch(Chat with { Region = Region.Unknown }, Noon, Down(4));
        await store.AppendAsync(nowhere, s_none);
        await store.AmendAsync(new ReportId(nowhere.Id, 0), new ReportDetails(null, null, Chat.Region, null), s_none);
        Assert.Equal(1, shell.ReadNumber("SELECT count(*) FROM amended"));

        await store.ObserveAsync(Noon.AddDays(3).AddMinutes(2), s_none);
        Assert.Equal("", Remarks());
        Assert.Equal(0, shell.ReadNumber("SELECT count(*) FROM amended"));

        string Remarks() => shell.ReadText(
            "SELECT coalesce(group_concat(comment || '|' || coalesce(went_to, ''), ', ' ORDER BY seq), '') FROM remarks");
    }

    [Fact]
    public async Task A_reader_sees_everything_answered_before_it_asked_while_rows_are_folded()
    {
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        var answered = 0;
        var sent = 0;
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 150; i++)
            {
                Interlocked.Add(ref sent, 2);
                await store.AppendAsync(Batch(Chat, Noon, Down((w * 1000) + (i * 2), i % 90), Down((w * 1000) + (i * 2) + 1, i % 90)), s_none);
                Interlocked.Add(ref answered, 2);
            }
        })));

        var reads = 0;
        for (; !writing.IsCompleted || reads < 20; reads++)
        {
            var atLeast = Volatile.Read(ref answered);
            var count = reads % 2 == 0
                ? await CountAsync(store, Chat)
                : (await store.ReadServicesAsync(NoonAnd(0), NoonAnd(200), s_none)).Sum(s => s.Counts.Reports);
            Assert.InRange(count, atLeast, Volatile.Read(ref sent));
            if (reads % 3 == 0)
                await store.ReadReportedSinceAsync(NoonAnd(0), s_none);
        }
        await writing;
        Assert.Equal(1200, await CountAsync(store, Chat));
    }
}
