using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

// What a reporter tells of a report after it was made.
public abstract partial class CountStoreContract
{
    private static readonly ReportDetails s_nothing = new(null, null, null, null);

    /// <summary>Every cell counted for a key in the day around noon.</summary>
    private async Task<IEnumerable<CellTotal>> Cells(WatchKey key) => await Store.ReadFacetsAsync(key, NoonAnd(-720), NoonAnd(720), None);

    private static CellTotal One(ReportKind kind, Problem problem, Surface surface, bool late = false, int count = 1) =>
        new(ReportCell.Of(kind, problem, surface, late), count);

    private async Task<ReportId> Reported(WatchKey key, Report report)
    {
        var batch = Batch(key, Noon, report);
        await Append(batch);
        return new ReportId(batch.Id, 0);
    }

    [Fact]
    public async Task What_is_told_later_moves_the_one_count_to_its_problem_and_surface()
    {
        var batch = Batch(ChatItaly, Noon, Down(1), Down(2));
        await Append(batch);

        var told = await Store.AmendAsync(new ReportId(batch.Id, 1), s_nothing with { Problem = Problem.Login, Surface = Surface.Ios }, None);

        Assert.Equal(Down(2, problem: Problem.Login, surface: Surface.Ios), told!.Told.Report);
        Assert.Equal((ChatItaly, ChatItaly, false), (told.From, told.Told.Key, told.IsMoved));
        Assert.Equal(new MinuteCounts(2, 2, 0, 0), await Counted(ChatItaly));
        Assert.Equal(
            [One(ReportKind.Down, Problem.Unavailable, Surface.Unknown), One(ReportKind.Down, Problem.Login, Surface.Ios)], await Cells(ChatItaly));
        Assert.Equal(2, await Store.CountReportersAsync(ChatItaly, NoonAnd(0), NoonAnd(15), None));
    }

    [Fact]
    public async Task A_report_of_no_region_moves_to_the_one_that_is_told_with_its_reporter()
    {
        var id = await Reported(ChatNowhere, Down(1));
        await Append(ChatNowhere, Noon, Down(2));

        var told = await Store.AmendAsync(id, s_nothing with { Region = Italy }, None);

        Assert.Equal((ChatNowhere, ChatItaly, true), (told!.From, told.Told.Key, told.IsMoved));
        Assert.Equal(new MinuteCounts(1, 1, 0, 0), await Counted(ChatNowhere));
        Assert.Equal(new MinuteCounts(1, 1, 0, 0), await Counted(ChatItaly));
        Assert.Equal(new MinuteCounts(2, 2, 0, 0), await Counted(ChatWorld));
        foreach (var (key, people) in new[] { (ChatNowhere, 1), (ChatItaly, 1), (ChatWorld, 2) })
            Assert.Equal(people, await Store.CountReportersAsync(key, NoonAnd(0), NoonAnd(15), None));
        Assert.Equal(
            [Italy, Region.Unknown], (await Store.ReadRegionsAsync(Chat, NoonAnd(-720), NoonAnd(720), None)).Select(r => r.Region));
    }

    [Fact]
    public async Task Each_thing_is_told_once_and_what_was_said_with_the_report_stays()
    {
        var id = await Reported(ChatItaly, Down(1, surface: Surface.Web) with { Remark = new Remark("It spins", null) });

        var first = await Store.AmendAsync(id, new(Problem.Slow, Surface.Api, Spain, new("No, worse", Claude, true)), None);
        var second = await Store.AmendAsync(id, new(Problem.Login, null, null, new(null, Chat, false)), None);

        Assert.Equal(new ReportDetails(Problem.Slow, null, null, new Remark(null, Claude, true)), first!.Taken);
        Assert.True(second!.Taken.IsEmpty);
        Assert.Equal(first.Told, second.Told);
        Assert.Equal(new ToldReport(ChatItaly, Down(1, problem: Problem.Slow, surface: Surface.Web), new Remark("It spins", Claude, true)), second.Told);
        Assert.Equal([One(ReportKind.Down, Problem.Slow, Surface.Web)], await Cells(ChatItaly));
    }

    [Fact]
    public async Task What_is_told_in_several_pieces_adds_up()
    {
        var id = await Reported(ChatNowhere, Down(1));
        foreach (var piece in (ReportDetails[])
            [
                s_nothing with { Problem = Problem.Errors }, s_nothing with { Surface = Surface.Android }, s_nothing with { Region = Spain },
                s_nothing with { Remark = new("Weiß", null) }, s_nothing with { Remark = new(null, Claude) }, s_nothing with { Remark = new(null, null, false) },
            ])
        {
            Assert.Equal(piece, (await Store.AmendAsync(id, piece, None))!.Taken);
        }

        var told = (await Store.AmendAsync(id, s_nothing, None))!.Told;

        Assert.Equal(new ToldReport(ChatSpain, Down(1, problem: Problem.Errors, surface: Surface.Android), new Remark("Weiß", Claude, false)), told);
        Assert.Equal([One(ReportKind.Down, Problem.Errors, Surface.Android)], await Cells(ChatSpain));
        Assert.Empty(await Cells(ChatNowhere));
    }

    [Fact]
    public async Task What_is_told_again_and_again_or_all_at_once_moves_the_count_once()
    {
        var id = await Reported(ChatNowhere, Down(1));
        var regions = (Region[])[Italy, Spain, Region.Parse("FR"), Italy];
        var details = regions.Select((region, i) => new ReportDetails((Problem)(i + 1), (Surface)(i + 1), region, new Remark($"{i}", Claude)));

        var answers = await Task.WhenAll(details.Select(d => Store.AmendAsync(id, d, None)));

        Assert.Single(answers, a => a!.Taken.Problem is not null);
        Assert.Single(answers, a => a!.Taken.Region is not null);
        Assert.Single(answers, a => a!.Taken.Remark is not null);
        var told = Assert.Single(answers.Select(a => a!.Told).Distinct());
        Assert.Equal(new MinuteCounts(1, 1, 0, 0), await Counted(ChatWorld));
        Assert.Equal([new CellTotal(told.Report.Cell, 1)], await Cells(told.Key));
    }

    [Fact]
    public async Task A_report_that_was_told_of_is_taken_back_from_where_it_is_counted()
    {
        var id = await Reported(ChatNowhere, Down(1));
        await Append(ChatItaly, Noon, Down(2));
        var told = await Store.AmendAsync(id, new(Problem.Login, Surface.Web, Italy, new("x", null)), None);

        var withdrawal = await Store.WithdrawAsync(id, None);
        var again = await Store.WithdrawAsync(id, None);

        Assert.Equal(new Withdrawal(ChatItaly, told!.Told.Report, First: true), withdrawal);
        Assert.False(again!.First);
        Assert.Equal([One(ReportKind.Down, Problem.Unavailable, Surface.Unknown)], await Cells(ChatItaly));
        Assert.Equal(default, await Counted(ChatNowhere));
        Assert.Equal(1, await Store.CountReportersAsync(ChatWorld, NoonAnd(0), NoonAnd(15), None));
        Assert.Null(await Store.AmendAsync(id, s_nothing with { Problem = Problem.Slow }, None));
        Assert.Equal([ReportOutcome.Counted], await Append(ChatItaly, Noon.AddMinutes(1), Down(1)));
    }

    [Fact]
    public async Task Telling_of_a_report_and_taking_it_back_at_the_same_time_counts_it_nowhere()
    {
        for (var person = 0; person < 20; person++)
        {
            var id = await Reported(ChatNowhere, Down(person));
            await Task.WhenAll(
                Store.AmendAsync(id, s_nothing with { Region = Italy, Problem = Problem.Login }, None), Store.WithdrawAsync(id, None),
                Store.AmendAsync(id, s_nothing with { Surface = Surface.Web }, None));
        }

        Assert.Equal(default, await Counted(ChatWorld));
        Assert.Empty(await Cells(ChatWorld));
    }

    [Fact]
    public async Task Back_and_late_reports_stay_what_they_are()
    {
        var batch = Batch(ChatNowhere, Noon, Back(1), Down(2, NoonAnd(-30), late: true));
        await Append(batch);

        await Store.AmendAsync(new ReportId(batch.Id, 0), new(Problem.Login, Surface.Web, Italy, null), None);
        await Store.AmendAsync(new ReportId(batch.Id, 1), new(Problem.Slow, Surface.Api, Italy, null), None);

        Assert.Equal(new MinuteCounts(0, 0, 1, 1), await Counted(ChatItaly));
        Assert.Equal(
            [One(ReportKind.Back, Problem.Login, Surface.Web), One(ReportKind.Down, Problem.Slow, Surface.Api, late: true)],
            await Cells(ChatItaly));
        Assert.Equal(0, await Store.CountReportersAsync(ChatWorld, NoonAnd(-60), NoonAnd(60), None));
    }

    [Fact]
    public async Task A_batch_sent_again_after_one_of_its_reports_was_told_of_counts_nothing()
    {
        var batch = Batch(ChatNowhere, Noon, Down(1), Down(2));
        var first = await Store.AppendAsync(batch, None);
        await Store.AmendAsync(new ReportId(batch.Id, 0), new(Problem.Login, null, Italy, null), None);

        Assert.Equal(first.Receipts, (await Store.AppendAsync(batch, None)).Receipts);
        Assert.Equal(new MinuteCounts(1, 1, 0, 0), await Counted(ChatItaly));
        Assert.Equal(new MinuteCounts(2, 2, 0, 0), await Counted(ChatWorld));
    }

    [Fact]
    public async Task Of_what_was_not_counted_nothing_can_be_told()
    {
        var batch = Batch(ChatItaly, Noon, Down(1), Down(1), Down(2));
        await Append(batch);
        var more = s_nothing with { Problem = Problem.Login };

        Assert.Null(await Store.AmendAsync(new ReportId(batch.Id, 1), more, None));
        Assert.Null(await Store.AmendAsync(new ReportId(batch.Id, 3), more, None));
        Assert.Null(await Store.AmendAsync(new ReportId(new BatchId(UInt128.MaxValue), 0), more, None));
        await Store.ObserveAsync(Noon.AddHours(24).AddMinutes(1), None);
        Assert.Null(await Store.AmendAsync(new ReportId(batch.Id, 2), more, None));
        Assert.Equal([One(ReportKind.Down, Problem.Unavailable, Surface.Unknown, count: 2)], await Cells(ChatItaly));
    }

    [Fact]
    public async Task A_crowd_that_tells_its_region_later_is_counted_there_with_its_people()
    {
        const int People = 700;
        var batch = Batch(ChatNowhere, Noon, [.. Enumerable.Range(0, People).Select(i => Down(i))]);
        await Append(batch);

        await Task.WhenAll(Enumerable.Range(0, People).Select(i => Store.AmendAsync(new ReportId(batch.Id, i), s_nothing with { Region = Italy }, None)));

        Assert.Equal(new MinuteCounts(People, People, 0, 0), await Counted(ChatItaly));
        Assert.Equal(default, await Counted(ChatNowhere));
        Assert.InRange(await Store.CountReportersAsync(ChatItaly, NoonAnd(0), NoonAnd(15), None), People * 95 / 100, People * 105 / 100);
    }
}
