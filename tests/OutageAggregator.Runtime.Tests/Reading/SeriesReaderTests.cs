using OutageAggregator.Runtime.Reading;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

public sealed class SeriesReaderTests
{
    private static ValueTask<Series> Read(
        ReadingWorld world, Minute from, Minute to, int step, Region? region = null, CellFilter filter = default) =>
        world.Get<SeriesReader>().ReadAsync(new SeriesQuery(world.ChatGpt, region ?? Region.World, from, to, step, filter), default);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_span_is_there_in_order_with_its_counts(bool onDisk)
    {
        await using var world = new ReadingWorld(onDisk);
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 10), 4);
        await world.CountAsync("chatgpt", Spain, At(0, 10), 3, kind: ReportKind.Back);
        await world.CountAsync("chatgpt", Italy, At(0, 14), 2, late: true);
        await world.CountAsync("chatgpt", Italy, At(0, 15), 1);

        var minutes = await Read(world, At(0, 9), At(0, 16), 1);
        Assert.Equal([0, 4, 0, 0, 0, 0, 1], minutes.Points.Select(p => p.Counts.Reports));
        Assert.Equal(Enumerable.Range(9, 7).Select(m => At(0, m)), minutes.Points.Select(p => p.Start));

        var fives = await Read(world, At(0, 10), At(0, 20), 5);
        Assert.Equal([new MinuteCounts(4, 4, 3, 2), new MinuteCounts(1, 1, 0, 0)], fives.Points.Select(p => p.Counts));
        Assert.Equal("negative-binomial", fives.Detector);
    }

    [Theory]
    [InlineData(1, new[] { PointVerdict.Gap, PointVerdict.Unknown, PointVerdict.Gap, PointVerdict.Normal, PointVerdict.Normal })]
    [InlineData(5, new[] { PointVerdict.Normal })]
    public async Task What_was_named_before_it_was_listed_is_no_gap(int step, PointVerdict[] verdicts)
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 11), 4);
        var service = world.ChatGpt with { ListedAt = At(0, 13).Start };

        var series = await world.Get<SeriesReader>().ReadAsync(new SeriesQuery(service, Region.World, At(0, 10), At(0, 15), step, default), default);
        Assert.Equal(verdicts, series.Points.Select(p => p.Verdict));
        Assert.Equal(4, series.Points.Sum(p => p.Counts.Reports));
    }

    [Fact]
    public async Task A_stretch_is_widened_to_whole_steps_and_ends_with_the_span_that_holds_now()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        var series = await Read(world, At(0, 7), At(3, 0), 15);
        Assert.Equal((At(0, 0), At(0, 30)), (series.Query.From, series.Query.To));
        Assert.Equal([At(0, 0), At(0, 15)], series.Points.Select(p => p.Start));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, -5)]
    [InlineData(7, 60)]
    [InlineData(1, 2_001)]
    public async Task What_is_no_series_is_refused(int step, int length)
    {
        await using var world = new ReadingWorld();
        await Assert.ThrowsAsync<ArgumentException>(async () => await Read(world, world.Now + 1 - length, world.Now + 1, step));
    }

    [Fact]
    public async Task A_stretch_that_begins_after_now_is_refused()
    {
        await using var world = new ReadingWorld();
        await Assert.ThrowsAsync<ArgumentException>(async () => await Read(world, world.Now + 1, world.Now + 60, 1));
    }

    [Fact]
    public async Task The_smallest_step_that_fits_is_named()
    {
        await using var world = new ReadingWorld();
        var query = new SeriesQuery(world.ChatGpt, Region.World, world.Now - 1_999, world.Now + 1, 1);
        Assert.Equal(1, SeriesReader.SmallestStep(query, world.Now));
        Assert.Equal(5, SeriesReader.SmallestStep(query with { From = query.From - 1 }, world.Now));
        Assert.Equal(30, SeriesReader.SmallestStep(query with { From = query.From - (40 * 1_440) }, world.Now));
        Assert.Equal(60, SeriesReader.SmallestStep(query with { From = query.From - (41 * 1_440) }, world.Now));
        Assert.Equal(1_440, SeriesReader.SmallestStep(query with { From = query.From - (1_900 * 1_440) }, world.Now));
        Assert.Null(SeriesReader.SmallestStep(query with { From = query.From - (2_100 * 1_440) }, world.Now));
    }

    [Fact]
    public async Task A_minute_that_nobody_watched_is_a_gap_without_an_expectation()
    {
        await using var world = new ReadingWorld();
        await world.Counts.ObserveAsync(new MinuteRange(At(0, 0, -5), At(23, 0, -1)), default);
        await world.Counts.ObserveAsync(new MinuteRange(At(0, 0), At(0, 5)), default);
        await world.Counts.ObserveAsync(new MinuteRange(At(0, 10), At(0, 15)), default);
        var series = await Read(world, At(0, 4), At(0, 11), 1);
        Assert.Equal(
            [PointVerdict.Normal, PointVerdict.Gap, PointVerdict.Gap, PointVerdict.Gap, PointVerdict.Gap, PointVerdict.Gap, PointVerdict.Normal],
            series.Points.Select(p => p.Verdict));
        Assert.All(series.Points, p => Assert.Equal(p.Verdict == PointVerdict.Gap, p.Expected is null));
        Assert.All(series.Points, p => Assert.Equal(p.Expected is null, p.Upper is null));
    }

    [Fact]
    public async Task While_nothing_is_learnt_a_watched_minute_is_no_gap_and_expects_nothing()
    {
        await using var world = new ReadingWorld();
        await world.Counts.ObserveAsync(new MinuteRange(At(0, 5), At(0, 21)), default);
        var series = await Read(world, At(0, 4), At(0, 6), 1);
        Assert.Equal([PointVerdict.Gap, PointVerdict.Unknown], series.Points.Select(p => p.Verdict));
        Assert.All(series.Points, p => Assert.Equal((null, null), (p.Expected, p.Upper)));
    }

    [Fact]
    public async Task What_is_expected_of_a_span_is_expected_of_its_observed_minutes()
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        var whole = Assert.Single((await Read(world, At(22, 0, -1), At(23, 0, -1), 60)).Points);
        Assert.InRange(whole.Expected!.Value, 115, 125);
        Assert.InRange(whole.Upper!.Value, 150, 260);
        // 00:20:30: of the span 00:00 to 01:00 twenty-one minutes have begun.
        var running = Assert.Single((await Read(world, At(0, 0), At(1, 0), 60)).Points);
        Assert.InRange(running.Expected!.Value, 40, 44);
    }

    [Fact]
    public async Task A_filtered_series_counts_only_what_matches_and_expects_nothing()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 10), 4, Problem.Login, Surface.Ios);
        await world.CountAsync("chatgpt", Italy, At(0, 10), 9, Problem.Login, Surface.Web);
        await world.CountAsync("chatgpt", Italy, At(0, 10), 2, Problem.Errors, Surface.Ios);
        var point = Assert.Single((await Read(world, At(0, 10), At(0, 11), 1, filter: new CellFilter(Problem.Login, Surface.Ios))).Points);
        Assert.Equal((4, (double?)null, (int?)null, PointVerdict.Normal), (point.Counts.Reports, point.Expected, point.Upper, point.Verdict));
    }

    [Fact]
    public async Task Verdicts_follow_the_phases_of_the_incidents()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        // Onset 23:00, peak 23:09, recovery 23:25, end 23:30.
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(23, 0, -1), At(23, 30, -1)));
        var series = await Read(world, At(22, 55, -1), At(23, 40, -1), 5);
        Assert.Equal("normal outage outage outage outage outage elevated normal normal", string.Join(' ', series.Points.Select(p => p.Verdict.Code())));
        Assert.Equal("chatgpt-1", Assert.Single(series.Incidents).Id.ToString());
        // A span shows the worst of its minutes.
        var hours = await Read(world, At(22, 0, -1), At(0, 0), 60);
        Assert.Equal([PointVerdict.Normal, PointVerdict.Outage], hours.Points.Select(p => p.Verdict));
    }

    [Fact]
    public async Task Between_the_end_of_an_incident_and_its_recurrence_the_service_was_normal()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        var incident = Incident(At(20, 0, -1)) with
        {
            Phases =
            [
                new Phase(PhaseKind.Onset, At(20, 0, -1), At(20, 10, -1)), new Phase(PhaseKind.Recovery, At(20, 10, -1), At(20, 30, -1)),
                new Phase(PhaseKind.Recurrence, At(0, 0), null),
            ],
        };
        await world.LogAsync("chatgpt", IncidentEventKind.Recurred, ServiceStatus.Outage, incident);
        var series = await Read(world, At(20, 0, -1), At(0, 15), 15);
        Assert.Equal(
            [PointVerdict.Outage, PointVerdict.Elevated, .. Enumerable.Repeat(PointVerdict.Normal, 14), PointVerdict.Outage],
            series.Points.Select(p => p.Verdict));
    }

    [Fact]
    public async Task An_incident_marks_the_regions_it_names_and_no_others()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6), regions: Italy));
        var italy = await Read(world, At(0, 10), At(0, 11), 1, Italy);
        var spain = await Read(world, At(0, 10), At(0, 11), 1, Spain);
        Assert.Equal((PointVerdict.Outage, 1), (italy.Points[0].Verdict, italy.Incidents.Length));
        Assert.Equal((PointVerdict.Normal, 0), (spain.Points[0].Verdict, spain.Incidents.Length));
    }

    [Fact]
    public async Task A_stretch_that_was_elevated_without_an_incident_stays_on_the_chart_after_it_calmed()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated, at: At(0, 2).Start);
        var before = await Read(world, At(0, 1), At(0, 8), 1);
        Assert.Equal("normal elevated elevated elevated elevated elevated elevated", string.Join(' ', before.Points.Select(p => p.Verdict.Code())));
        await world.LogAsync("chatgpt", IncidentEventKind.Calmed, ServiceStatus.Normal, at: At(0, 6).Start);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await Read(world, At(0, 1), At(0, 8), 1);
        Assert.Equal("normal elevated elevated elevated elevated normal normal", string.Join(' ', after.Points.Select(p => p.Verdict.Code())));
    }

    [Fact]
    public async Task A_long_stretch_expects_of_each_month_what_was_usual_in_it()
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 3);
        var series = await Read(world, At(0, 0, -300), world.Now + 1, 1_440);
        Assert.Equal(301, series.Points.Length);
        Assert.Equal(PointVerdict.Gap, series.Points[200].Verdict);
        Assert.InRange(series.Points[^2].Expected!.Value, 270, 300);
    }

    [Fact]
    public async Task Those_who_ask_at_once_share_one_look()
    {
        await using var world = new ReadingWorld(onDisk: true);
        await world.ObserveAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Read(world, At(0, 0), At(0, 20), 1).AsTask()));
        Assert.All(all, s => Assert.Same(all[0], s));
    }
}
