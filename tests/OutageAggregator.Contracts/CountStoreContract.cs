using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>
/// What every count store promises. A store is done when a subclass that only says how to open an empty one passes unchanged.
/// This part: appending, the 30-minute rule and taking back. Instants are whole milliseconds: finer ones need not be kept.
/// </summary>
public abstract partial class CountStoreContract : IAsyncLifetime
{
    protected static readonly DateTimeOffset Noon = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
    protected static readonly ServiceSlug Chat = ServiceSlug.Parse("chatgpt");
    protected static readonly ServiceSlug Claude = ServiceSlug.Parse("claude");
    protected static readonly Region Italy = Region.Parse("IT");
    protected static readonly Region Spain = Region.Parse("ES");
    protected static readonly WatchKey ChatItaly = new(Chat, Italy);
    protected static readonly WatchKey ChatSpain = new(Chat, Spain);
    protected static readonly WatchKey ChatNowhere = new(Chat, Region.Unknown);
    protected static readonly WatchKey ChatWorld = new(Chat, Region.World);
    protected static readonly CancellationToken None = CancellationToken.None;

    private static int s_batches;

    protected ICountStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Opens an empty store; it is closed by the subclass.</summary>
    protected abstract ValueTask<ICountStore> OpenAsync();

    protected static Minute NoonAnd(int minutes) => Minute.Of(Noon) + minutes;

    protected static Reporter Person(int number) => new(0xA11CE, (ulong)number);

    protected static Report Down(
        int person, Minute? at = null, Problem problem = Problem.Unavailable, Surface surface = Surface.Unknown, bool late = false) =>
        new(Person(person), ReportCell.Of(ReportKind.Down, problem, surface, late), at ?? Minute.Of(Noon));

    protected static Report Back(int person, Minute? at = null, bool late = false) =>
        new(Person(person), ReportCell.Of(ReportKind.Back, Problem.Unavailable, Surface.Unknown, late), at ?? Minute.Of(Noon));

    protected static ReportBatch Batch(WatchKey key, DateTimeOffset receivedAt, params Report[] reports) =>
        new(new BatchId(((UInt128)(uint)Interlocked.Increment(ref s_batches) << 64) | 7), key, receivedAt, reports);

    protected async Task<ReportOutcome[]> Append(ReportBatch batch) => [.. (await Store.AppendAsync(batch, None)).Receipts.Select(r => r.Outcome)];

    protected Task<ReportOutcome[]> Append(WatchKey key, DateTimeOffset receivedAt, params Report[] reports) =>
        Append(Batch(key, receivedAt, reports));

    /// <summary>All that was counted for a key in the day around noon.</summary>
    protected async Task<MinuteCounts> Counted(WatchKey key) =>
        (await Store.ReadSeriesAsync(key, NoonAnd(-720), NoonAnd(720), 1440, default, None)).Aggregate(default(MinuteCounts), (sum, p) => sum + p.Counts);

    [Fact]
    public async Task A_batch_is_answered_with_one_receipt_per_report_in_order()
    {
        var (receipts, isRepeat, receivedAt) = await Store.AppendAsync(
            Batch(ChatItaly, Noon, Down(1), Down(1), Back(1), Down(2, NoonAnd(-20), late: true)), None);

        Assert.False(isRepeat);
        Assert.Equal(Noon, receivedAt);
        Assert.Equal(
            [ReportOutcome.Counted, ReportOutcome.Duplicate, ReportOutcome.Counted, ReportOutcome.Late], receipts.Select(r => r.Outcome));
        Assert.All(receipts, r => Assert.Equal(Noon.AddMinutes(30), r.Until));
    }

    [Fact]
    public async Task A_batch_sent_again_counts_nothing_and_gets_its_first_receipts()
    {
        await Append(ChatItaly, Noon.AddMinutes(-10), Down(2));
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2), Down(3, NoonAnd(-20), late: true));

        var first = await Store.AppendAsync(batch, None);
        var second = await Store.AppendAsync(new ReportBatch(batch.Id, batch.Key, Noon.AddHours(3), batch.Reports), None);

        Assert.False(first.IsRepeat);
        Assert.True(second.IsRepeat);
        Assert.Equal(Noon, second.ReceivedAt);
        Assert.Equal(first.Receipts, second.Receipts);
        Assert.Equal([ReportOutcome.Counted, ReportOutcome.Duplicate, ReportOutcome.Late], first.Receipts.Select(r => r.Outcome));
        Assert.Equal(new MinuteCounts(2, 2, 0, 1), await Counted(ChatItaly));
    }

    [Fact]
    public async Task A_batch_sent_twice_at_the_same_time_is_counted_once()
    {
        var batch = Batch(ChatItaly, Noon, [.. Enumerable.Range(0, 50).Select(i => Down(i))]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.AppendAsync(batch, None)));

        Assert.Single(answers, a => !a.IsRepeat);
        Assert.All(answers, a => Assert.Equal(answers[0].Receipts, a.Receipts));
        Assert.Equal(50, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task Batches_appended_at_the_same_time_are_all_counted()
    {
        var batches = Enumerable.Range(0, 200)
            .Select(i => Batch(i % 2 == 0 ? ChatItaly : ChatSpain, Noon, Down((i * 2) + 1), Down((i * 2) + 2)));

        var answers = await Task.WhenAll(batches.Select(b => Store.AppendAsync(b, None)));

        Assert.All(answers, a => Assert.All(a.Receipts, r => Assert.Equal(ReportOutcome.Counted, r.Outcome)));
        Assert.Equal(200, (await Counted(ChatItaly)).Reports);
        Assert.Equal(200, (await Counted(ChatSpain)).Reports);
    }

    [Fact]
    public async Task A_batch_may_hold_as_many_reports_as_a_batch_can()
    {
        var outcomes = await Append(ChatItaly, Noon, [.. Enumerable.Range(0, ReportBatch.MaxReports).Select(i => Down(i))]);

        Assert.Equal(ReportBatch.MaxReports, outcomes.Count(o => o == ReportOutcome.Counted));
        Assert.Equal(ReportBatch.MaxReports, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task A_reporter_counts_again_after_exactly_30_minutes()
    {
        await Append(ChatItaly, Noon, Down(1));

        var early = await Store.AppendAsync(Batch(ChatItaly, Noon.AddMinutes(30).AddMilliseconds(-1), Down(1, NoonAnd(29))), None);
        var due = await Store.AppendAsync(Batch(ChatItaly, Noon.AddMinutes(30), Down(1, NoonAnd(30))), None);

        Assert.Equal([new Receipt(ReportOutcome.Duplicate, Noon.AddMinutes(30))], early.Receipts);
        Assert.Equal([new Receipt(ReportOutcome.Counted, Noon.AddMinutes(60))], due.Receipts);
        Assert.Equal(2, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task A_duplicate_does_not_put_the_next_turn_off()
    {
        await Append(ChatItaly, Noon, Down(1));
        await Append(ChatItaly, Noon.AddMinutes(20), Down(1, NoonAnd(20)));

        Assert.Equal([ReportOutcome.Counted], await Append(ChatItaly, Noon.AddMinutes(30), Down(1, NoonAnd(30))));
    }

    [Fact]
    public async Task The_30_minutes_hold_over_all_regions_of_a_service()
    {
        await Append(ChatItaly, Noon, Down(1));

        Assert.Equal([ReportOutcome.Duplicate], await Append(ChatSpain, Noon.AddMinutes(1), Down(1)));
        Assert.Equal(default, await Counted(ChatSpain));
    }

    [Fact]
    public async Task Down_and_back_each_have_their_own_30_minutes()
    {
        Assert.Equal([ReportOutcome.Counted], await Append(ChatItaly, Noon, Down(1)));
        Assert.Equal([ReportOutcome.Counted], await Append(ChatItaly, Noon.AddMinutes(1), Back(1)));
        Assert.Equal([ReportOutcome.Duplicate], await Append(ChatItaly, Noon.AddMinutes(2), Back(1)));
        Assert.Equal(new MinuteCounts(1, 1, 1, 0), await Counted(ChatItaly));
    }

    [Fact]
    public async Task Services_do_not_share_the_30_minutes()
    {
        await Append(ChatItaly, Noon, Down(1));

        Assert.Equal([ReportOutcome.Counted], await Append(new WatchKey(Claude, Italy), Noon, Down(1)));
    }

    [Fact]
    public async Task A_late_report_takes_the_turn_of_a_report_in_time()
    {
        Assert.Equal([ReportOutcome.Late], await Append(ChatItaly, Noon, Down(1, NoonAnd(-60), late: true)));
        Assert.Equal([ReportOutcome.Duplicate], await Append(ChatItaly, Noon.AddMinutes(1), Down(1)));
    }

    [Fact]
    public async Task Of_two_batches_that_overtook_each_other_the_second_to_arrive_is_the_duplicate()
    {
        await Append(ChatItaly, Noon.AddSeconds(1), Down(1));

        var answer = await Store.AppendAsync(Batch(ChatItaly, Noon, Down(1)), None);

        Assert.Equal([new Receipt(ReportOutcome.Duplicate, Noon.AddSeconds(1).AddMinutes(30))], answer.Receipts);
    }

    [Fact]
    public async Task A_report_is_counted_in_the_minute_it_speaks_of()
    {
        await Append(ChatItaly, Noon.AddMinutes(4), Down(1, NoonAnd(0)), Back(2, NoonAnd(-90), late: true), Down(3, NoonAnd(-120), late: true));

        Assert.Equal(
            [
                new SeriesPoint(NoonAnd(-120), new MinuteCounts(0, 0, 0, 1)),
                new SeriesPoint(NoonAnd(-90), new MinuteCounts(0, 0, 1, 0)),
                new SeriesPoint(NoonAnd(0), new MinuteCounts(1, 1, 0, 0)),
            ],
            await Store.ReadSeriesAsync(ChatItaly, NoonAnd(-720), NoonAnd(720), 1, default, None));
    }

    [Fact]
    public async Task A_report_taken_back_is_not_counted_and_its_reporter_may_report_again()
    {
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2, NoonAnd(-1), Problem.Login, Surface.Ios));
        await Append(batch);

        var withdrawal = await Store.WithdrawAsync(new ReportId(batch.Id, 1), None);

        Assert.Equal(new Withdrawal(ChatItaly, batch.Reports[1], First: true), withdrawal);
        Assert.Equal(1, (await Counted(ChatItaly)).Reports);
        Assert.Equal([ReportOutcome.Duplicate, ReportOutcome.Counted], await Append(ChatItaly, Noon.AddMinutes(1), Down(1), Down(2)));
    }

    [Fact]
    public async Task Taking_back_twice_takes_back_once()
    {
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        await Append(batch);
        var id = new ReportId(batch.Id, 0);

        var answers = await Task.WhenAll(Store.WithdrawAsync(id, None), Store.WithdrawAsync(id, None), Store.WithdrawAsync(id, None));

        Assert.Single(answers, a => a!.First);
        Assert.All(answers, a => Assert.Equal(batch.Reports[0], a!.Report));
        Assert.Equal(1, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task Taking_back_again_does_not_free_a_turn_taken_since()
    {
        var batch = Batch(ChatItaly, Noon, Down(1));
        await Append(batch);
        await Store.WithdrawAsync(new ReportId(batch.Id, 0), None);
        await Append(ChatItaly, Noon.AddMinutes(1), Down(1));

        await Store.WithdrawAsync(new ReportId(batch.Id, 0), None);

        Assert.Equal([ReportOutcome.Duplicate], await Append(ChatItaly, Noon.AddMinutes(2), Down(1)));
        Assert.Equal(1, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task A_batch_sent_again_after_a_report_was_taken_back_does_not_count_it_again()
    {
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        var first = await Store.AppendAsync(batch, None);
        await Store.WithdrawAsync(new ReportId(batch.Id, 0), None);

        Assert.Equal(first.Receipts, (await Store.AppendAsync(batch, None)).Receipts);
        Assert.Equal(1, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task Back_and_late_reports_can_be_taken_back_too()
    {
        var batch = Batch(ChatItaly, Noon, Back(1), Down(2, NoonAnd(-30), late: true));
        await Append(batch);

        Assert.NotNull(await Store.WithdrawAsync(new ReportId(batch.Id, 0), None));
        Assert.NotNull(await Store.WithdrawAsync(new ReportId(batch.Id, 1), None));

        Assert.Equal(default, await Counted(ChatItaly));
        Assert.Empty(await Store.ReadSeriesAsync(ChatItaly, NoonAnd(-720), NoonAnd(720), 1, default, None));
    }

    [Fact]
    public async Task A_report_is_taken_back_by_an_id_that_leads_to_its_service()
    {
        await Append(new WatchKey(Claude, Italy), Noon, Down(1));
        var batch = new ReportBatch(BatchId.Of(Noon, 17, Chat), ChatItaly, Noon, [Down(1), Down(2)]);
        await Append(batch);

        Assert.Equal(new Withdrawal(ChatItaly, batch.Reports[1], First: true), await Store.WithdrawAsync(new ReportId(batch.Id, 1), None));
        Assert.Null(await Store.WithdrawAsync(new ReportId(BatchId.Of(Noon, 17, Claude), 0), None));
        Assert.Null(await Store.WithdrawAsync(new ReportId(BatchId.Of(Noon, 18, Chat), 0), None));
        Assert.Equal(1, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task What_was_not_counted_can_not_be_taken_back()
    {
        var batch = Batch(ChatItaly, Noon, Down(1), Down(1));
        await Append(batch);

        Assert.Null(await Store.WithdrawAsync(new ReportId(batch.Id, 1), None));
        Assert.Null(await Store.WithdrawAsync(new ReportId(batch.Id, 2), None));
        Assert.Null(await Store.WithdrawAsync(new ReportId(new BatchId(UInt128.MaxValue), 0), None));
        Assert.Equal(1, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task A_report_can_be_taken_back_for_a_day()
    {
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        await Append(batch);

        await Store.ObserveAsync(Noon.AddHours(24), None);
        Assert.NotNull(await Store.WithdrawAsync(new ReportId(batch.Id, 0), None));

        await Store.ObserveAsync(Noon.AddHours(24).AddMinutes(1), None);
        Assert.Null(await Store.WithdrawAsync(new ReportId(batch.Id, 1), None));
        Assert.Equal(1, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task A_batch_sent_again_a_day_later_is_still_known()
    {
        var batch = Batch(ChatItaly, Noon, Down(1));
        await Append(batch);
        await Append(ChatItaly, Noon.AddHours(24), Down(9, NoonAnd(1440)));

        Assert.Equal([ReportOutcome.Counted], await Append(batch));
        Assert.Equal(1, (await Counted(ChatItaly)).Reports);
    }
}
