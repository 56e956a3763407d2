using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage.Memory;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>What is read from the store and what waits beside it are each report once, whenever it is stored.</summary>
public sealed class ShadowPlaceTests
{
    private static readonly DateTimeOffset s_start = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
    private static readonly WatchKey s_key = new(ServiceSlug.Parse("chatgpt"), Region.Parse("IT"));
    private static readonly Minute s_first = Minute.Of(s_start);

    private readonly MemoryCountStore _counts = new();
    private readonly WatchLoader _loader;
    private readonly ShadowPlace _place = new(s_start);
    private int _people;

    public ShadowPlaceTests()
    {
        var catalog = new Catalog(
            [new Category("ai", "AI")], [new Service(s_key.Service, "ChatGPT", "ai", [], null, "America/Los_Angeles", null)]);
        _loader = new WatchLoader(_counts, new MemoryIncidentLog(), catalog, new WatchSettings()) { IsTold = true };
    }

    [Fact]
    public async Task A_reading_is_given_up_where_a_report_of_its_minutes_was_stored_meanwhile()
    {
        await StoreAsync(s_first, 3);
        var cut = _place.BeginLoad(s_start)!.Value;
        var group = await LoadAsync(cut);
        await StoreAsync(s_first, 5);

        Assert.False(_place.EndLoad(group));
        Assert.Null(_place.Group);
        cut = _place.BeginLoad(s_start)!.Value;
        Assert.True(_place.EndLoad(await LoadAsync(cut)));
        Assert.Equal(8, await FedAsync(cut, s_first + 60));
    }

    [Fact]
    public async Task No_reading_begins_while_a_report_of_its_minutes_is_being_stored()
    {
        var batch = Batch(s_first, 4);
        var oldest = _place.Begin(batch);
        Assert.Null(_place.BeginLoad(s_start));

        _place.Note(batch, (await _counts.AppendAsync(batch, default)).Receipts, foundAt: null);
        Assert.Null(_place.BeginLoad(s_start));
        _ = _place.End(oldest);

        Assert.NotNull(_place.BeginLoad(s_start));
    }

    [Fact]
    public async Task Reports_of_later_minutes_disturb_no_reading_and_are_fed_however_they_fall()
    {
        await StoreAsync(s_first, 3);
        await StoreAsync(s_first + 9, 10);
        var under = Batch(s_first + 10, 100);
        var oldest = _place.Begin(under);
        var receipts = (await _counts.AppendAsync(under, default)).Receipts;

        var cut = _place.BeginLoad(s_start.AddMinutes(10))!.Value;
        Assert.Equal(s_first + 4, cut);
        var group = await LoadAsync(cut);
        await StoreAsync(s_first + 10, 1_000);
        _place.Note(under, receipts, foundAt: null);
        _ = _place.End(oldest);

        Assert.True(_place.EndLoad(group));
        Assert.Equal(1_113, await FedAsync(cut, s_first + 60));
    }

    [Fact]
    public async Task What_was_given_to_watches_that_are_lost_is_read_and_what_waited_is_not()
    {
        var cut = _place.BeginLoad(s_start)!.Value;
        Assert.True(_place.EndLoad(await LoadAsync(cut)));
        await StoreAsync(s_first + 20, 7);
        Assert.Equal(7, await FedAsync(cut, s_first + 21));
        await StoreAsync(s_first + 21, 70);
        _place.Break(s_start.AddMinutes(22));

        cut = _place.BeginLoad(s_start.AddMinutes(22))!.Value;

        Assert.Equal(s_first + 20, cut);
        Assert.True(_place.EndLoad(await LoadAsync(cut)));
        Assert.Equal(77, await FedAsync(cut, s_first + 60));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_that_was_stored_after_all_counts_once(bool madeAfterwards)
    {
        if (!madeAfterwards)
            Assert.True(_place.EndLoad(await LoadAsync(_place.BeginLoad(s_start)!.Value)));
        var batch = Batch(s_first, 5);
        var loads = _place.End(_place.Begin(batch));
        _ = await _counts.AppendAsync(batch, default);
        if (madeAfterwards)
            Assert.True(_place.EndLoad(await LoadAsync(_place.BeginLoad(s_start)!.Value)));

        var oldest = _place.Begin(batch);
        var again = await _counts.AppendAsync(batch, default);
        Assert.True(again.IsRepeat);
        _place.Note(batch, again.Receipts, loads);
        _ = _place.End(oldest);

        Assert.Equal(madeAfterwards ? 0 : 5, await OnlyFedAsync(s_first + 60));
    }

    [Fact]
    public async Task A_withdrawal_meanwhile_makes_a_reading_void()
    {
        await StoreAsync(s_first, 3);
        var cut = _place.BeginLoad(s_start)!.Value;
        var group = await LoadAsync(cut);
        _place.Note(s_key.Region, s_first, new MinuteCounts(-1, -1, 0, 0));

        Assert.False(_place.EndLoad(group));
    }

    private async Task StoreAsync(Minute minute, int people)
    {
        var batch = Batch(minute, people);
        var oldest = _place.Begin(batch);
        _place.Note(batch, (await _counts.AppendAsync(batch, default)).Receipts, foundAt: null);
        _ = _place.End(oldest);
    }

    private ReportBatch Batch(Minute minute, int people) => new(
        new BatchId((UInt128)(uint)(_people + 1) << 64), s_key, minute.Start,
        [.. Enumerable.Range(0, people).Select(_ => new Report(new Reporter(1, (ulong)++_people), ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web), minute))]);

    private async Task<WatchGroup> LoadAsync(Minute cut)
    {
        var (service, regions) = await _loader.LoadAsync(s_key.Service, s_first, null, default, until: cut + 1);
        return new WatchGroup(service, regions, _loader);
    }

    // What the store gave up to the cut, and what is fed of it and of later minutes.
    private async Task<int> FedAsync(Minute cut, Minute end) =>
        (await _counts.ReadSeriesAsync(s_key, s_first - 60, cut + 1, 1, default, default)).Sum(p => p.Counts.Reports) + await OnlyFedAsync(end);

    private async Task<int> OnlyFedAsync(Minute end) => (await _place.FeedAsync(_place.Group!, end)).Reports;
}
