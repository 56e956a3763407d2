using OutageAggregator.Runtime.Reading;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>What is told when an incident is over.</summary>
public sealed class HourAfterTests
{
    // Over at 00:05, said so at 00:15; it is 00:20.
    private static async Task<ReadingWorld> WorldAsync()
    {
        var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 60);
        await world.CountAsync("chatgpt", Italy, At(23, 50, -1), 900);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(23, 39, -1)), At(23, 41, -1).Start);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(23, 39, -1), At(0, 5)), At(0, 15).Start);
        return world;
    }

    [Fact]
    public async Task What_still_comes_in_is_its_tail_for_an_hour()
    {
        await using var world = await WorldAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 12), 1_216);

        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal((Finding.Over, 1_216, 26), (situation.Finding, situation.World.Reports15m, situation.Recent!.Minutes));
        Assert.Null(situation.ReportsSinceEnd);
        Assert.Equal(["chatgpt"], (await world.Get<ServiceReader>().JustOverAsync(5, default)).Select(s => s.Service.Slug.ToString()));
        Assert.Empty(await world.Get<ServiceReader>().SlightlyMoreAsync(5, default));

        world.Clock.Advance(TimeSpan.FromMinutes(54));
        await world.ObserveAsync();
        Assert.NotEmpty(await world.Get<ServiceReader>().JustOverAsync(5, default));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.ObserveAsync();
        Assert.Empty(await world.Get<ServiceReader>().JustOverAsync(5, default));
        Assert.Null((await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default)).Recent);
    }

    [Fact]
    public async Task Reports_of_before_the_end_are_no_tail()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 9), 900);
        await world.CountAsync("chatgpt", Italy, At(0, 18), 12);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(23, 45, -1), At(0, 12)) with { ResolvedAt = At(0, 18).Start });

        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal((912, 12), (situation.World.Reports15m, situation.ReportsSinceEnd));
    }

    [Theory]
    [InlineData(57, 73, true)]
    [InlineData(12, 6, true)]
    [InlineData(58, 58, true)]
    [InlineData(60, 0, true)]
    [InlineData(2, 4, true)]
    [InlineData(58, 1_218, false)]
    [InlineData(58, 160, false)]
    [InlineData(12, 60, false)]
    public async Task It_is_a_tail_only_while_more_comes_in_than_chance_brings(int usual, int reports, bool isBack)
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, usual);
        await world.CountAsync("chatgpt", Italy, At(0, 8), reports);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(23, 39, -1), At(0, 5)), At(0, 15).Start);

        Assert.Equal(isBack, (await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default)).Recent!.IsBackToUsual);
        Assert.Equal(isBack, (await world.Get<ServiceReader>().JustOverAsync(5, default))[0].Recent!.IsBackToUsual);
    }

    [Theory]
    // In the minutes after it was as usual again, in the minute that goes on, and before: then there was no such minute yet.
    [InlineData(18, true)]
    [InlineData(20, true)]
    [InlineData(16, true)]
    [InlineData(12, false)]
    public async Task Once_as_usual_again_it_stays_so_whoever_looks_first(int minute, bool isBack)
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 60);
        await world.CountAsync("chatgpt", Italy, At(0, minute), 400);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(23, 39, -1), At(0, 5)), At(0, 15).Start);

        Assert.Equal(isBack, (await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default)).Recent!.IsBackToUsual);
    }

    [Fact]
    public async Task A_tail_that_ebbs_away_is_told_as_usual_from_one_minute_on()
    {
        await using var world = await WorldAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 12), 1_216);
        var told = new List<bool>();
        for (var passed = 0; passed < 20; passed++)
        {
            told.Add((await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default)).Recent!.IsBackToUsual);
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await world.ObserveAsync();
        }

        // The quarter of an hour that begins with 00:13 is 00:27's.
        Assert.Equal([.. Enumerable.Repeat(false, 7), .. Enumerable.Repeat(true, 13)], told);
    }

    [Fact]
    public async Task Where_nothing_is_usual_yet_nothing_is_as_usual_again()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync(At(23, 0, -1));
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(23, 39, -1), At(0, 5)), At(0, 15).Start);

        Assert.False((await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default)).Recent!.IsBackToUsual);
    }

    [Fact]
    public async Task It_stays_the_tail_where_it_is_called_elevated_meanwhile()
    {
        await using var world = await WorldAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 12), 1_216);
        await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated, at: At(0, 19).Start);

        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal((Finding.Over, ServiceStatus.Elevated), (situation.Finding, situation.Shown));
        Assert.Equal([true], (await world.Get<ServiceReader>().JustOverAsync(5, default)).Select(s => s.IsJustOver));
    }

    [Theory]
    [InlineData(400, false, Finding.Crowd, true)]
    [InlineData(120, false, Finding.Crowd, true)]
    [InlineData(400, true, Finding.Elevated, true)]
    [InlineData(70, false, Finding.Over, false)]
    public async Task A_second_crowd_in_that_hour_is_not_called_over(int reports, bool isElevated, Finding finding, bool isNew)
    {
        await using var world = await WorldAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 18), reports);
        if (isElevated)
            await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated, at: At(0, 19).Start);
        var services = world.Get<ServiceReader>();

        Assert.Equal(finding, (await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default)).Finding);
        Assert.Equal([("chatgpt", !isNew)], (await services.JustOverAsync(5, default)).Select(s => (s.Service.Slug.ToString(), s.IsJustOver)));
        Assert.Equal(isNew ? ["chatgpt"] : [], (await services.SlightlyMoreAsync(5, default)).Select(s => s.Service.Slug.ToString()));
        Assert.Equal(!isNew, (await services.StatusesAsync(default)).Services.Single(s => s.Service == world.ChatGpt).IsOver);
        Assert.Equal(!isNew, (await services.StatusesAsync(default)).Services.Single(s => s.Service == world.OpenAi).IsOver);
        Assert.Equal(!isNew, (await services.ListAsync(new ServiceQuery("chatgpt", WithCounts: false), default)).Items[0].IsJustOver);
        Assert.NotNull((await services.ReadAsync(world.ChatGpt, default)).Summary.Recent);
    }

    [Fact]
    public async Task How_many_say_it_is_still_down_is_told_by_minutes_since_the_end()
    {
        await using var world = await WorldAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 4), 500);
        await world.CountAsync("chatgpt", Italy, At(0, 6), 30);
        await world.CountAsync("chatgpt", Italy, At(0, 8), 10, kind: ReportKind.Back);
        await world.CountAsync("chatgpt", Italy, At(0, 20), 7);

        var details = await world.Get<ServiceReader>().ReadAsync(world.ChatGpt, default);
        Assert.Equal([new TailPart(0, 15, 30, 10, 0.75), new TailPart(15, 16, 7, 0, null)], details.Tail);
        Assert.Null(details.StillBrokenShare);
    }

    [Fact]
    public async Task A_new_outage_ends_the_tail()
    {
        await using var world = await WorldAsync();
        await world.LogAsync("chatgpt", IncidentEventKind.Recurred, ServiceStatus.Outage, Incident(At(23, 39, -1)), At(0, 19).Start);

        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal((Finding.Outage, null), (situation.Finding, situation.Recent));
        Assert.Empty(await world.Get<ServiceReader>().JustOverAsync(5, default));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(20, true)]
    public void A_peak_that_was_not_passed_for_three_minutes_is_the_peak_so_far(int minutes, bool isPeak)
    {
        var incident = Incident(At(0, 6));
        var phases = incident.PhasesAt(incident.Peak.At + minutes);

        Assert.Equal(
            isPeak ? [new Phase(PhaseKind.Onset, At(0, 6), At(0, 15)), new Phase(PhaseKind.Peak, At(0, 15), null)] : incident.Phases, phases);
    }
}
