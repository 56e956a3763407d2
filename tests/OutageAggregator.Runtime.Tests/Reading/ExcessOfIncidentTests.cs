using OutageAggregator.Core.Baselines;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Storage;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>
/// A month of two reports a minute, and 10 more in each minute of a surge. The bounds are what is observed less the quantiles of the negative
/// binomial, from its probabilities in 60 digits, for alpha = 0.03 + 0.2 / minutes + 1 / (reports behind the estimate).
/// </summary>
public sealed class ExcessOfIncidentTests
{
    private static readonly Incident s_halfAnHour = Incident(At(23, 0, -1), At(23, 30, -1));

    private static async Task SurgeAsync(ReadingWorld world, Minute from, Minute to)
    {
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        for (var minute = from; minute < to; minute++)
        {
            await world.CountAsync("chatgpt", Italy, minute, 7);
            await world.CountAsync("chatgpt", Spain, minute, 5);
        }
    }

    private static async Task<Excess?> ReadAsync(ReadingWorld world, Incident incident)
    {
        await world.LogAsync(incident.Service.ToString(), IncidentEventKind.Opened, ServiceStatus.Outage, incident);
        return (await world.Get<IncidentReader>().ReadAsync(incident.Id, default))!.Excess;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_what_was_reported_beyond_the_usual_from_the_onset_to_the_end(bool onDisk)
    {
        await using var world = new ReadingWorld(onDisk);
        await SurgeAsync(world, At(23, 0, -1), At(23, 30, -1));
        await world.CountAsync("chatgpt", Italy, At(22, 59, -1), 1_000);
        await world.CountAsync("chatgpt", Italy, At(23, 30, -1), 1_000);
        await world.CountAsync("chatgpt", Italy, At(23, 10, -1), 500, late: true);

        var excess = (await ReadAsync(world, s_halfAnHour))!.Value;

        Assert.Equal(60, excess.Expected, 0.05);
        Assert.Equal((300, 270, 325), (excess.Reports, excess.Low, excess.High));
    }

    [Fact]
    public async Task What_would_have_been_usual_is_what_the_chart_shows()
    {
        await using var world = new ReadingWorld();
        await SurgeAsync(world, At(23, 0, -1), At(23, 30, -1));
        var excess = (await ReadAsync(world, s_halfAnHour))!.Value;
        var chart = await world.Get<SeriesReader>().ReadAsync(new SeriesQuery(world.ChatGpt, Region.World, At(22, 0, -1), At(0, 30), 1), default);
        var shown = chart.Points.Where(p => p.Start >= At(23, 0, -1) && p.Start < At(23, 30, -1)).ToList();
        Assert.Equal(shown.Sum(p => p.Expected!.Value), excess.Expected, 1e-6);
        Assert.Equal(Math.Round(shown.Sum(p => p.Counts.Reporters - p.Expected!.Value)), excess.Reports);
    }

    [Fact]
    public async Task Minutes_in_which_nobody_watched_are_left_out_of_both_sides()
    {
        await using var world = new ReadingWorld();
        // The stores observe up to now; what comes after it was watched for ten minutes, not for twelve, and then again.
        await SurgeAsync(world, At(0, 30), At(1, 12));
        await world.Counts.ObserveAsync(new MinuteRange(At(0, 30), At(0, 40)), default);
        await world.Counts.ObserveAsync(new MinuteRange(At(0, 52), At(1, 12)), default);
        world.Clock.Advance(TimeSpan.FromMinutes(120));

        var excess = (await ReadAsync(world, Incident(At(0, 30), At(1, 12))))!.Value;

        Assert.Equal(60, excess.Expected, 0.05);
        Assert.Equal((300, 270, 325), (excess.Reports, excess.Low, excess.High));
    }

    [Fact]
    public async Task Of_an_open_incident_it_grows_with_every_minute_that_is_over_and_the_usual_stays_as_it_was_at_the_onset()
    {
        await using var world = new ReadingWorld();
        await SurgeAsync(world, At(0, 6), At(0, 21));
        var first = (await ReadAsync(world, Incident(At(0, 6))))!.Value;
        Assert.Equal((140, 28), (first.Reports, Math.Round(first.Expected, 1)));
        for (var minute = 0; minute < 2; minute++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await world.Counts.ObserveAsync(world.Clock.GetUtcNow(), default);
        }
        await world.CountAsync("chatgpt", Italy, At(0, 21), 102);
        var second = (await world.Get<IncidentReader>().ReadAsync(Incident(At(0, 6)).Id, default))!.Excess!.Value;
        Assert.Equal((250, 32), (second.Reports, Math.Round(second.Expected, 1)));
    }

    [Fact]
    public async Task Where_fewer_than_usual_reported_it_is_below_zero()
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        await world.CountAsync("chatgpt", Italy, At(23, 10, -1), 20);
        var excess = (await ReadAsync(world, s_halfAnHour))!.Value;
        Assert.Equal((-40, -70, -15), (excess.Reports, excess.Low, excess.High));
    }

    [Fact]
    public async Task While_nothing_is_learnt_it_is_not_known()
    {
        await using var world = new ReadingWorld();
        await world.Counts.ObserveAsync(new MinuteRange(At(0, 5), At(0, 21)), default);
        await world.CountAsync("chatgpt", Italy, At(0, 10), 50);
        Assert.Null(await ReadAsync(world, Incident(At(0, 6))));
    }

    [Fact]
    public async Task Where_no_minute_was_watched_it_is_not_known()
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        await world.CountAsync("chatgpt", Italy, At(0, 40), 50);
        world.Clock.Advance(TimeSpan.FromMinutes(120));
        Assert.Null(await ReadAsync(world, Incident(At(0, 30), At(0, 50))));
    }

    [Fact]
    public async Task Once_the_weeks_it_was_learnt_from_are_no_longer_kept_it_is_not_known()
    {
        await using var world = new ReadingWorld();
        await SurgeAsync(world, At(23, 0, -1), At(23, 30, -1));
        Assert.NotNull(await ReadAsync(world, s_halfAnHour));
        // Thirteen months of 31 days are kept; four weeks of them lie before the onset.
        world.Clock.Advance(TimeSpan.FromDays((13 * 31) - 28 + 1));
        Assert.Null((await world.Get<IncidentReader>().ReadAsync(s_halfAnHour.Id, default))!.Excess);
    }

    [Fact]
    public async Task Lists_and_live_events_do_not_read_it()
    {
        await using var world = new ReadingWorld();
        await SurgeAsync(world, At(23, 0, -1), At(23, 30, -1));
        Assert.NotNull(await ReadAsync(world, s_halfAnHour));
        var reader = world.Get<IncidentReader>();
        Assert.Null(Assert.Single(await reader.FindAsync(new IncidentQuery(), default)).Excess);
        Assert.Null((await reader.ViewAsync(s_halfAnHour, default)).Excess);
    }
}
