namespace OutageAggregator.Contracts;

/// <summary>This part: what readers get.</summary>
public abstract partial class CountStoreContract
{
    [Fact]
    public async Task An_empty_store_answers_nothing()
    {
        Assert.Empty(await Store.ReadSeriesAsync(ChatItaly, NoonAnd(-60), NoonAnd(60), 1, default, None));
        Assert.Empty(await Store.ReadSeriesAsync(ChatWorld, NoonAnd(-60), NoonAnd(60), 1, default, None));
        Assert.Empty(await Store.ReadFacetsAsync(ChatWorld, NoonAnd(-60), NoonAnd(60), None));
        Assert.Empty(await Store.ReadRegionsAsync(Chat, NoonAnd(-60), NoonAnd(60), None));
        Assert.Empty(await Store.ReadServicesAsync(NoonAnd(-60), NoonAnd(60), None));
        Assert.Empty(await Store.ReadReportedSinceAsync(NoonAnd(-60), None));
        Assert.Empty(await Store.ReadObservedAsync(NoonAnd(-60), NoonAnd(60), None));
        Assert.Null(await Store.LastObservedAsync(None));
        Assert.Equal(0, await Store.CountReportersAsync(ChatWorld, NoonAnd(-60), NoonAnd(60), None));
    }

    [Fact]
    public async Task Ranges_hold_their_first_minute_and_not_their_last()
    {
        await Append(ChatItaly, Noon, Down(1, NoonAnd(-1)), Down(2, NoonAnd(0)), Down(3, NoonAnd(1)), Down(4, NoonAnd(2)));

        Assert.Equal(
            [NoonAnd(0), NoonAnd(1)], (await Store.ReadSeriesAsync(ChatItaly, NoonAnd(0), NoonAnd(2), 1, default, None)).Select(p => p.Start));
        Assert.Equal(2, Assert.Single(await Store.ReadFacetsAsync(ChatItaly, NoonAnd(0), NoonAnd(2), None)).Count);
        Assert.Equal(2, Assert.Single(await Store.ReadRegionsAsync(Chat, NoonAnd(0), NoonAnd(2), None)).Counts.Reports);
        Assert.Equal(2, Assert.Single(await Store.ReadServicesAsync(NoonAnd(0), NoonAnd(2), None)).Counts.Reports);
        Assert.Empty(await Store.ReadSeriesAsync(ChatItaly, NoonAnd(1), NoonAnd(1), 1, default, None));
        Assert.Empty(await Store.ReadSeriesAsync(ChatItaly, NoonAnd(2), NoonAnd(1), 1, default, None));
        Assert.Empty(await Store.ReadServicesAsync(NoonAnd(1), NoonAnd(1), None));
        Assert.Empty(await Store.ReadRegionsAsync(Chat, NoonAnd(3), NoonAnd(9), None));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(1440)]
    public async Task A_series_sums_spans_aligned_since_1970_and_leaves_empty_ones_out(int step)
    {
        int[] minutes = [-700, -61, -60, -31, -5, -1, 0, 1, 4, 14, 15, 59, 60, 700];
        var number = 0;
        await Append(ChatItaly, Noon, [.. minutes.Select(m => Down(++number, NoonAnd(m)))]);

        var expected = minutes.GroupBy(m => NoonAnd(m).FloorTo(step)).OrderBy(g => g.Key)
            .Select(g => new SeriesPoint(g.Key, new MinuteCounts(g.Count(), g.Count(), 0, 0)));
        Assert.Equal(expected, await Store.ReadSeriesAsync(ChatItaly, NoonAnd(-720), NoonAnd(720), step, default, None));
    }

    [Fact]
    public async Task A_span_that_the_range_cuts_counts_the_minutes_inside_only()
    {
        await Append(ChatItaly, Noon, Down(1, NoonAnd(1)), Down(2, NoonAnd(2)), Down(3, NoonAnd(6)), Down(4, NoonAnd(7)));

        Assert.Equal(
            [new SeriesPoint(NoonAnd(0), new MinuteCounts(1, 1, 0, 0)), new SeriesPoint(NoonAnd(5), new MinuteCounts(1, 1, 0, 0))],
            await Store.ReadSeriesAsync(ChatItaly, NoonAnd(2), NoonAnd(7), 5, default, None));
    }

    [Fact]
    public async Task World_is_the_sum_of_all_regions_unknown_included()
    {
        await Append(ChatItaly, Noon, Down(1), Down(2), Back(3));
        await Append(ChatSpain, Noon, Down(4), Down(5, NoonAnd(-40), late: true));
        await Append(new WatchKey(Chat, Region.Unknown), Noon, Down(6));
        await Append(new WatchKey(Claude, Italy), Noon, Down(7));

        Assert.Equal(
            [
                new SeriesPoint(NoonAnd(-40), new MinuteCounts(0, 0, 0, 1)),
                new SeriesPoint(NoonAnd(0), new MinuteCounts(4, 4, 1, 0)),
            ],
            await Store.ReadSeriesAsync(ChatWorld, NoonAnd(-60), NoonAnd(60), 1, default, None));
        Assert.Equal(6, (await Store.ReadFacetsAsync(ChatWorld, NoonAnd(-60), NoonAnd(60), None)).Sum(f => f.Count));
    }

    [Fact]
    public async Task A_series_can_be_narrowed_to_a_problem_and_a_surface()
    {
        await Append(
            ChatItaly,
            Noon,
            Down(1, problem: Problem.Login, surface: Surface.Ios),
            Down(2, problem: Problem.Login, surface: Surface.Web),
            Down(3, problem: Problem.Slow, surface: Surface.Ios),
            Down(4, NoonAnd(3), Problem.Slow, Surface.Web));

        Assert.Equal((int[])[2], await Reports(new CellFilter(Problem.Login, null)));
        Assert.Equal((int[])[2], await Reports(new CellFilter(null, Surface.Ios)));
        Assert.Equal((int[])[1], await Reports(new CellFilter(Problem.Login, Surface.Ios)));
        Assert.Equal((int[])[1, 1], await Reports(new CellFilter(null, Surface.Web)));
        Assert.Empty(await Reports(new CellFilter(Problem.Payment, null)));

        async Task<int[]> Reports(CellFilter filter) =>
            [.. (await Store.ReadSeriesAsync(ChatWorld, NoonAnd(-5), NoonAnd(5), 1, filter, None)).Select(p => p.Counts.Reports)];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(Minute.PerDay)]
    public void A_store_says_from_when_on_it_keeps_counts_and_half_hours_and_days_as_long_as_minutes_at_least(int step)
    {
        var kept = Store.KeptSince(step, NoonAnd(0));

        Assert.True(kept < NoonAnd(-5 * Minute.PerDay) && kept <= Store.KeptSince(1, NoonAnd(0)));
        Assert.Equal(kept, kept.FloorTo(60));
        Assert.Equal(kept + Minute.PerDay, Store.KeptSince(step, NoonAnd(Minute.PerDay)));
    }

    [Fact]
    public async Task Facets_name_each_cell_once_in_order()
    {
        await Append(ChatItaly, Noon, Back(1), Down(2, NoonAnd(-3), Problem.Other, Surface.Api), Down(3), Down(4, NoonAnd(-2)));
        await Append(ChatSpain, Noon, Down(5), Down(6, NoonAnd(-40), late: true));

        Assert.Equal(
            [
                new CellTotal(ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Unknown), 3),
                new CellTotal(ReportCell.Of(ReportKind.Down, Problem.Other, Surface.Api), 1),
                new CellTotal(ReportCell.Of(ReportKind.Back, Problem.Unavailable, Surface.Unknown), 1),
                new CellTotal(ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Unknown, late: true), 1),
            ],
            await Store.ReadFacetsAsync(ChatWorld, NoonAnd(-60), NoonAnd(60), None));
    }

    [Fact]
    public async Task Regions_and_services_are_totalled_in_order()
    {
        await Append(ChatItaly, Noon, Down(1), Down(2), Back(3));
        await Append(ChatSpain, Noon, Down(4, NoonAnd(-1)));
        await Append(new WatchKey(Claude, Region.Unknown), Noon, Down(5, NoonAnd(-40), late: true));

        Assert.Equal(
            [new RegionTotal(Spain, new MinuteCounts(1, 1, 0, 0)), new RegionTotal(Italy, new MinuteCounts(2, 2, 1, 0))],
            await Store.ReadRegionsAsync(Chat, NoonAnd(-60), NoonAnd(60), None));
        Assert.Equal(
            [new ServiceTotal(Chat, new MinuteCounts(3, 3, 1, 0)), new ServiceTotal(Claude, new MinuteCounts(0, 0, 0, 1))],
            await Store.ReadServicesAsync(NoonAnd(-60), NoonAnd(60), None));
    }

    [Fact]
    public async Task Regions_and_services_with_nothing_left_are_not_named()
    {
        var batch = Batch(ChatItaly, Noon, Down(1));
        await Append(batch);
        await Store.WithdrawAsync(new ReportId(batch.Id, 0), None);

        Assert.Empty(await Store.ReadRegionsAsync(Chat, NoonAnd(-60), NoonAnd(60), None));
        Assert.Empty(await Store.ReadServicesAsync(NoonAnd(-60), NoonAnd(60), None));
    }

    [Fact]
    public async Task Services_reported_since_a_minute_are_found_in_order()
    {
        await Append(new WatchKey(Claude, Italy), Noon.AddHours(2), Down(3, NoonAnd(121)));
        await Append(ChatItaly, Noon.AddHours(-2), Down(1, NoonAnd(-120)), Down(4, NoonAnd(-200), late: true));
        await Append(ChatSpain, Noon, Down(2, NoonAnd(0)));

        Assert.Equal([Chat, Claude], await Store.ReadReportedSinceAsync(NoonAnd(-240), None));
        Assert.Equal([Chat, Claude], await Store.ReadReportedSinceAsync(NoonAnd(0), None));
        Assert.Equal([Claude], await Store.ReadReportedSinceAsync(NoonAnd(60), None));
        Assert.Equal([Claude], await Store.ReadReportedSinceAsync(NoonAnd(121), None));
        Assert.Empty(await Store.ReadReportedSinceAsync(NoonAnd(180), None));
    }

    [Fact]
    public async Task A_service_reported_again_after_a_pause_is_found_again()
    {
        await Append(ChatItaly, Noon, Down(1));
        await Append(ChatItaly, Noon.AddHours(3), Down(2, NoonAnd(180)));
        await Append(ChatItaly, Noon.AddHours(1), Down(3, NoonAnd(60)));

        Assert.Equal([Chat], await Store.ReadReportedSinceAsync(NoonAnd(180), None));
    }

    [Fact]
    public async Task Some_hundreds_of_reporters_are_counted_exactly_over_quarters_of_an_hour()
    {
        // Everybody reports twice, an hour apart, from two regions; "back" and late reports are no reporters of an outage.
        await Append(ChatItaly, Noon, [.. Enumerable.Range(0, 300).Select(i => Down(i, NoonAnd(i % 3)))]);
        await Append(ChatSpain, Noon.AddHours(1), [.. Enumerable.Range(0, 300).Select(i => Down(i + 100, NoonAnd(60)))]);
        await Append(ChatItaly, Noon, Back(9001), Down(9002, NoonAnd(-40), late: true));

        Assert.Equal(300, await Store.CountReportersAsync(ChatItaly, NoonAnd(0), NoonAnd(15), None));
        Assert.Equal(400, await Store.CountReportersAsync(ChatWorld, NoonAnd(-60), NoonAnd(120), None));

        // Widened to whole quarters: a minute of a quarter stands for all of it.
        Assert.Equal(300, await Store.CountReportersAsync(ChatItaly, NoonAnd(14), NoonAnd(15), None));
        Assert.Equal(0, await Store.CountReportersAsync(ChatItaly, NoonAnd(15), NoonAnd(60), None));
        Assert.Equal(0, await Store.CountReportersAsync(ChatItaly, NoonAnd(5), NoonAnd(5), None));
    }

    [Fact]
    public async Task Many_reporters_are_estimated_within_five_standard_errors()
    {
        var random = new Random(1);
        for (var batch = 0; batch < 10; batch++)
        {
            await Append(ChatItaly, Noon, [.. Enumerable.Range(0, 2000)
                .Select(i => Down(i) with { Reporter = new Reporter((ulong)random.NextInt64(), (ulong)random.NextInt64()) })]);
        }

        Assert.InRange(await Store.CountReportersAsync(ChatWorld, NoonAnd(0), NoonAnd(1), None), 18_400, 21_600);
    }

    [Fact]
    public async Task An_import_replaces_the_cells_it_names_and_no_others()
    {
        var login = ReportCell.Of(ReportKind.Down, Problem.Login, Surface.Web);
        var back = ReportCell.Of(ReportKind.Back, Problem.Unavailable, Surface.Unknown);
        await Append(ChatItaly, Noon, Down(1), Down(2, problem: Problem.Login, surface: Surface.Web), Down(3, NoonAnd(1)));

        await Store.ImportAsync(ChatItaly, [new(NoonAnd(0), login, 40), new(NoonAnd(0), back, 7), new(NoonAnd(-600), login, 300)], None);
        await Store.ImportAsync(ChatItaly, [new(NoonAnd(0), login, 20)], None);

        Assert.Equal(
            [
                new SeriesPoint(NoonAnd(-600), new MinuteCounts(300, 300, 0, 0)),
                new SeriesPoint(NoonAnd(0), new MinuteCounts(21, 21, 7, 0)),
                new SeriesPoint(NoonAnd(1), new MinuteCounts(1, 1, 0, 0)),
            ],
            await Store.ReadSeriesAsync(ChatWorld, NoonAnd(-720), NoonAnd(720), 1, default, None));
    }

    [Fact]
    public async Task An_import_of_zero_empties_a_cell()
    {
        await Store.ImportAsync(ChatItaly, [new(NoonAnd(0), new ReportCell(3), 40)], None);
        await Store.ImportAsync(ChatItaly, [new(NoonAnd(0), new ReportCell(3), 0)], None);

        Assert.Empty(await Store.ReadSeriesAsync(ChatWorld, NoonAnd(-720), NoonAnd(720), 1, default, None));
    }

    [Fact]
    public async Task Reports_add_to_imported_counts()
    {
        await Store.ImportAsync(ChatItaly, [new(NoonAnd(0), Down(1).Cell, 40)], None);
        await Append(ChatItaly, Noon, Down(1));

        Assert.Equal(41, (await Counted(ChatItaly)).Reports);
    }

    [Fact]
    public async Task Counts_are_not_imported_into_the_sum_of_regions_or_below_zero()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ImportAsync(ChatWorld, [new(NoonAnd(0), new ReportCell(3), 1)], None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ImportAsync(ChatItaly, [new(NoonAnd(0), new ReportCell(3), -1)], None));
    }

    [Fact]
    public async Task A_long_history_reads_the_same_by_region_and_as_the_sum()
    {
        var random = new Random(7);
        Region[] regions = [Italy, Spain, Region.Parse("FR"), Region.Unknown];
        var sums = new SortedDictionary<Minute, int>();
        foreach (var region in regions)
        {
            var counts = Enumerable.Range(0, 14 * 24)
                .Select(hour => new CellCount(NoonAnd((-60 * hour) - random.Next(60)), new ReportCell((byte)random.Next(42)), 1 + random.Next(500)))
                .ToList();
            await Store.ImportAsync(new WatchKey(Chat, region), counts, None);
            foreach (var count in counts)
                sums[count.Minute] = sums.GetValueOrDefault(count.Minute) + count.Count;
        }

        var world = await Store.ReadSeriesAsync(ChatWorld, NoonAnd(-30 * 1440), NoonAnd(60), 1, default, None);

        Assert.Equal(sums.Select(s => (s.Key, s.Value)), world.Select(p => (p.Start, p.Counts.Reports)));
        Assert.Equal([Chat], await Store.ReadReportedSinceAsync(NoonAnd(-120), None));
    }
}
