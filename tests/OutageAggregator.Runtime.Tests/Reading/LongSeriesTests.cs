using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>Charts of a week and more: what is long past is read once, and what is no longer kept is not told as a zero.</summary>
public sealed class LongSeriesTests
{
    private static ValueTask<Series> Read(ReadingWorld world, int days, int step, CellFilter filter = default) => world.Get<SeriesReader>()
        .ReadAsync(new SeriesQuery(world.ChatGpt, Region.World, world.Now - (days * Minute.PerDay), world.Now + 1, step, filter), default);

    private static ReadingWorld Keeping(int months, bool onDisk = false) =>
        new(onDisk, services => services.AddSingleton(new StorageSettings { MinuteMonths = months }));

    [Theory]
    [InlineData(7, 30)]
    [InlineData(30, 120)]
    [InlineData(396, 1_440)]
    public async Task A_long_chart_holds_every_report_once_with_what_was_usual_of_its_steps(int days, int step)
    {
        await using var world = new ReadingWorld(onDisk: true);
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 3);
        await world.CountAsync("chatgpt", Spain, At(0, 10), 400);
        await world.CountAsync("chatgpt", Spain, At(0, 10, -3), 50, Problem.Login);

        var series = await Read(world, days, step);

        var quarters = Math.Min(days, 28) * 96;
        Assert.InRange(series.Points.Sum(p => p.Counts.Reports), (quarters * 3) - 150, (quarters * 3) + 450 + 50);
        Assert.Equal(series.Points.Select(p => p.Start), Enumerable.Range(0, series.Points.Length).Select(i => series.Query.From + (i * step)));
        Assert.InRange(series.Points[^3].Expected!.Value, 0.18 * step, 0.22 * step);
        Assert.Equal(50, (await Read(world, days, step, new CellFilter(Problem.Login, null))).Points.Sum(p => p.Counts.Reports));
    }

    [Fact]
    public async Task What_is_over_for_days_is_read_once_in_ten_minutes_and_the_newest_two_days_each_time()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, At(12, 0, -5), 7);
        Assert.Equal(7, (await Read(world, 7, 30)).Points.Sum(p => p.Counts.Reports));

        await world.CountAsync("chatgpt", Italy, At(12, 0, -5), 9);
        await world.CountAsync("chatgpt", Italy, At(12, 0, -2), 20);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(27, (await Read(world, 7, 30)).Points.Sum(p => p.Counts.Reports));

        world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(29, (await Read(world, 7, 30)).Points.Sum(p => p.Counts.Reports));
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(1, 90)]
    [InlineData(1, 0)]
    public async Task A_step_divides_a_day(int days, int step)
    {
        await using var world = new ReadingWorld();
        if (step == 90)
            Assert.Equal(17, (await Read(world, days, step)).Points.Length);
        else
            await Assert.ThrowsAsync<ArgumentException>(async () => await Read(world, days, step));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_kept_no_longer_is_a_gap_and_no_quiet_time(bool onDisk)
    {
        await using var world = Keeping(months: 2, onDisk);
        await world.Counts.ObserveAsync(new MinuteRange(world.Now - (400 * Minute.PerDay), world.Now + 1), default);

        var series = await Read(world, 396, Minute.PerDay);

        // Two months of 31 days.
        Assert.Equal(PointVerdict.Gap, series.Points[^64].Verdict);
        Assert.All(series.Points[..^64], p => Assert.Equal((PointVerdict.Gap, (double?)null), (p.Verdict, p.Expected)));
        Assert.All(series.Points[^62..], p => Assert.NotEqual(PointVerdict.Gap, p.Verdict));
    }

    [Fact]
    public async Task Around_an_incident_minutes_are_kept_for_ever_and_so_is_its_chart()
    {
        await using var world = Keeping(months: 2, onDisk: true);
        await world.Counts.ObserveAsync(new MinuteRange(world.Now - (400 * Minute.PerDay), world.Now + 1), default);
        await world.LogAsync(
            "chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(10, 0, -200), At(10, 30, -200)), At(10, 40, -200).Start);

        var series = await world.Get<SeriesReader>().ReadAsync(
            new SeriesQuery(world.ChatGpt, Region.World, At(8, 0, -200), At(13, 0, -200), 30), default);

        Assert.Equal(
            "gap gap normal normal outage normal normal gap gap gap".Split(' ').Select(v => v == "gap"),
            series.Points.Select(p => p.Verdict == PointVerdict.Gap));
    }
}
