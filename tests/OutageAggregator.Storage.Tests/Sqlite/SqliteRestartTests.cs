using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Storage.Tests.Sqlite;

/// <summary>What was answered is there afterwards, whether the process ended well or not.</summary>
public sealed class SqliteRestartTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_answered_is_there_after_an_end_or_a_crash(bool crash)
    {
        var first = Batch(Chat, Noon, Down(1), Down(2), Down(2), Down(3));
        var second = Batch(Chat, Noon.AddMinutes(1), Down(4, 1), Down(5, 1));
        BatchReceipt receipts;
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        var log = new SqliteIncidentLog(storage);
        receipts = await store.AppendAsync(first, s_none);
        await store.ObserveAsync(Noon, s_none);
        await store.ObserveAsync(new MinuteRange(NoonAnd(-500), NoonAnd(-100)), s_none);

        // This question folds what is there so far; what follows is in the journal only. One report of each is taken back.
        Assert.Equal([Chat.Service], await store.ReadReportedSinceAsync(NoonAnd(-10), s_none));
        await store.AppendAsync(second, s_none);
        await store.WithdrawAsync(new ReportId(first.Id, 0), s_none);
        await store.WithdrawAsync(new ReportId(second.Id, 1), s_none);
        await log.AppendAsync([Opened(1), Opened(2)], s_none);

        if (!crash)
            await storage.DisposeAsync();
        using var files = _folder.CopyAsCrashed();
        await using var again = files.Open();
        store = new SqliteCountStore(again);
        log = new SqliteIncidentLog(again);

        Assert.Equal(
            [new SeriesPoint(NoonAnd(0), new MinuteCounts(2, 2, 0, 0)), new SeriesPoint(NoonAnd(1), new MinuteCounts(1, 1, 0, 0))],
            await store.ReadSeriesAsync(Chat, NoonAnd(-10), NoonAnd(10), 1, default, s_none));
        Assert.Equal(3, await store.CountReportersAsync(Chat, NoonAnd(0), NoonAnd(15), s_none));
        Assert.Equal(Noon, await store.LastObservedAsync(s_none));
        Assert.Equal(2, (await store.ReadObservedAsync(NoonAnd(-1000), NoonAnd(1000), s_none)).Count);

        var repeated = await store.AppendAsync(first, s_none);
        Assert.True(repeated.IsRepeat);
        Assert.Equal(receipts.Receipts, repeated.Receipts);
        Assert.False((await store.WithdrawAsync(new ReportId(first.Id, 0), s_none))!.First);
        Assert.True((await store.WithdrawAsync(new ReportId(first.Id, 1), s_none))!.First);

        // 1, 2 and 5 were taken back and may report; 3 and 4 have reported.
        var outcomes = (await store.AppendAsync(Batch(Chat, Noon.AddMinutes(2), Down(1), Down(2), Down(3), Down(4), Down(5)), s_none)).Receipts;
        Assert.Equal([0, 0, 2, 2, 0], outcomes.Select(r => (int)r.Outcome));

        Assert.Equal([1, 2], (await log.ReadAsync(0, 10, s_none)).Select(e => e.Event.Number));
        Assert.Equal(2, (await log.FindAsync(new IncidentQuery(), s_none)).Count);
        var (appended, _) = await log.AppendAsync([Opened(2), Opened(3)], s_none);
        Assert.Equal([2L, 3L], appended.Select(e => e.Position));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_told_of_a_report_is_there_after_a_crash_whether_its_batch_was_folded_before_or_not(bool isFolded)
    {
        var nowhere = Chat with { Region = Region.Unknown };
        var plain = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Unknown);
        var batch = Batch(nowhere, Noon, [.. new[] { Down(1), Down(2), Down(3, remark: new Remark("It spins", null)) }.Select(r => r with { Cell = plain })]);
        var details = new ReportDetails(Problem.Login, Surface.Web, Chat.Region, new Remark(null, Chat.Service, false));
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        await store.AppendAsync(batch, s_none);
        if (isFolded)
            await store.ReadReportedSinceAsync(NoonAnd(-10), s_none);
        await store.AmendAsync(new ReportId(batch.Id, 1), details, s_none);
        var told = (await store.AmendAsync(new ReportId(batch.Id, 2), details, s_none))!.Told;

        using var files = _folder.CopyAsCrashed();
        await using var again = files.Open();
        store = new SqliteCountStore(again);

        Assert.Equal(new Remark("It spins", Chat.Service, false), told.Remark);
        Assert.Equal(told, (await store.AmendAsync(new ReportId(batch.Id, 2), details, s_none))!.Told);
        Assert.Equal([new CellTotal(told.Report.Cell, 2)], await store.ReadFacetsAsync(Chat, NoonAnd(-10), NoonAnd(10), s_none));
        Assert.Equal(1, (await store.ReadFacetsAsync(nowhere, NoonAnd(-10), NoonAnd(10), s_none)).Sum(c => c.Count));
        Assert.Equal(2, await store.CountReportersAsync(Chat, NoonAnd(0), NoonAnd(15), s_none));
        Assert.Equal(new Withdrawal(Chat, told.Report, First: true), await store.WithdrawAsync(new ReportId(batch.Id, 2), s_none));
        Assert.Equal(1, (await store.ReadFacetsAsync(Chat, NoonAnd(-10), NoonAnd(10), s_none)).Sum(c => c.Count));
        var outcomes = (await store.AppendAsync(Batch(Chat, Noon.AddMinutes(1), Down(1), Down(2), Down(3)), s_none)).Receipts;
        Assert.Equal([2, 2, 0], outcomes.Select(r => (int)r.Outcome));
    }

    [Fact]
    public async Task An_import_and_reports_around_it_are_there_after_a_crash()
    {
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        await store.AppendAsync(Batch(Chat, Noon, Down(1), Down(2)), s_none);
        await store.ImportAsync(Chat, [new(NoonAnd(0), new ReportCell(0), 40)], s_none);
        await store.AppendAsync(Batch(Chat, Noon, Down(3)), s_none);

        using var files = _folder.CopyAsCrashed();
        await using var again = files.Open();

        Assert.Equal(43, await CountAsync(store, Chat));
        Assert.Equal(43, await CountAsync(new SqliteCountStore(again), Chat));
    }

    [Fact]
    public async Task A_crash_after_many_groups_and_folds_loses_and_doubles_nothing()
    {
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        for (var i = 0; i < 300; i++)
        {
            await store.AppendAsync(Batch(i % 3 == 0 ? Claude : Chat, Noon, Down(i, i % 7)), s_none);
            if (i % 50 != 49)
                continue;
            using var files = _folder.CopyAsCrashed();
            await using var again = files.Open();
            var copy = new SqliteCountStore(again);
            Assert.Equal(i + 1, await CountAsync(copy, Chat) + await CountAsync(copy, Claude));
            Assert.Equal(await CountAsync(store, Claude), await CountAsync(copy, Claude));
            Assert.Equal(await store.CountReportersAsync(Chat, NoonAnd(0), NoonAnd(9), s_none), await copy.CountReportersAsync(Chat, NoonAnd(0), NoonAnd(9), s_none));
        }
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_a_crowd_loses_nothing_that_was_answered()
    {
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        var answered = 0;
        var crowd = Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await store.AppendAsync(Batch(w % 2 == 0 ? Chat : Claude, Noon, Down((w * 1000) + (i * 2)), Down((w * 1000) + (i * 2) + 1)), s_none);
                Interlocked.Add(ref answered, 2);
            }
        })));
        for (var crashes = 0; crashes < 10; crashes++)
        {
            var atLeast = Volatile.Read(ref answered);
            using var files = _folder.CopyAsCrashed();
            await using var again = files.Open();
            var copy = new SqliteCountStore(again);
            Assert.InRange(await CountAsync(copy, Chat) + await CountAsync(copy, Claude), atLeast, 320);
        }
        await crowd;
    }

    [Fact]
    public async Task A_log_cut_off_anywhere_keeps_the_groups_before_the_cut()
    {
        const int groups = 40;
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        var log = new SqliteIncidentLog(storage);
        var tables = new FileInfo(_folder.Log).Length;
        for (var i = 0; i < groups; i++)
        {
            await store.AppendAsync(Batch(Chat, Noon, Down(i, i)), s_none);
            if (i % 10 == 5)
                await log.AppendAsync([Opened((i / 10) + 1)], s_none);
        }

        var length = new FileInfo(_folder.Log).Length;
        var random = new Random(5);
        var counts = new List<int>();
        for (var cut = tables; cut < length; cut += random.Next(1, 12_000))
        {
            using var files = _folder.CopyAsCrashed();
            await using (var file = File.OpenWrite(files.Log))
                file.SetLength(cut);
            counts.Add(await AssertIsPrefixAsync(files));
            // An event was written after reports 5, 15, 25 and 35, each in a group of its own.
            await using var cutOff = files.Open();
            var events = (await new SqliteIncidentLog(cutOff).ReadAsync(0, 100, s_none)).Count;
            Assert.InRange(events, (counts[^1] + 3) / 10, (counts[^1] + 4) / 10);
        }

        Assert.Equal(counts.Order(), counts);
        Assert.Equal(0, counts[0]);
        Assert.True(counts[^1] >= groups - 4);
    }

    [Fact]
    public async Task Garbage_at_the_end_of_the_log_costs_nothing_that_was_committed()
    {
        await using var storage = _folder.Open();
        var store = new SqliteCountStore(storage);
        for (var i = 0; i < 20; i++)
            await store.AppendAsync(Batch(Chat, Noon, Down(i, i)), s_none);
        var garbage = new byte[10_000];
        new Random(1).NextBytes(garbage);

        using var appended = _folder.CopyAsCrashed();
        await using (var file = new FileStream(appended.Log, FileMode.Append))
            await file.WriteAsync(garbage, s_none);
        Assert.Equal(20, await AssertIsPrefixAsync(appended));

        using var overwritten = _folder.CopyAsCrashed();
        await using (var file = new FileStream(overwritten.Log, FileMode.Open))
        {
            file.Seek(-garbage.Length, SeekOrigin.End);
            await file.WriteAsync(garbage, s_none);
        }
        Assert.InRange(await AssertIsPrefixAsync(overwritten), 10, 19);
    }

    // Report i speaks of minute i: what is there must be the first so many, whole, and the store must take more.
    private static async Task<int> AssertIsPrefixAsync(TemporaryFolder files)
    {
        await using var storage = files.Open();
        var store = new SqliteCountStore(storage);
        var points = await store.ReadSeriesAsync(Chat, NoonAnd(-100), NoonAnd(100), 1, default, s_none);
        Assert.Equal(Enumerable.Range(0, points.Count).Select(i => new SeriesPoint(NoonAnd(i), new MinuteCounts(1, 1, 0, 0))), points);

        var outcomes = (await store.AppendAsync(Batch(Chat, Noon, Down(0), Down(points.Count)), s_none)).Receipts.Select(r => r.Outcome);
        Assert.Equal([points.Count > 0 ? ReportOutcome.Duplicate : ReportOutcome.Counted, points.Count > 0 ? ReportOutcome.Counted : ReportOutcome.Duplicate], outcomes);
        return points.Count;
    }
}
