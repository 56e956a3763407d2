using OutageAggregator.Runtime.Reading;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>Nothing is told of minutes that nobody observed.</summary>
public sealed class GapReadingTests
{
    // A week until 00:05 and again from 04:00 on; ChatGPT has an incident from 00:00 on.
    private static async Task<ReadingWorld> StopAsync(int minutesSince, Minute? ended = null)
    {
        var world = new ReadingWorld();
        world.Clock.Advance(At(4, minutesSince - 1).Start + TimeSpan.FromSeconds(30) - world.Clock.GetUtcNow());
        await world.Counts.ObserveAsync(new MinuteRange(At(0, 0, -7), At(0, 6)), default);
        await world.Counts.ObserveAsync(new MinuteRange(At(4, 0), world.Now + 1), default);
        await world.Counts.ObserveAsync(world.Clock.GetUtcNow(), default);
        await world.CountAsync("chatgpt", Italy, At(0, 3), 90);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 0), peak: 60), At(0, 2).Start);
        if (ended is { } end)
        {
            var over = Incident(At(0, 0), end, peak: 60) with { ResolvedAt = At(4, 5).Start };
            await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, over, At(4, 5).Start);
        }
        return world;
    }

    private static async Task<IncidentView> ReadAsync(ReadingWorld world) =>
        (await world.Get<IncidentReader>().ReadAsync(new IncidentId(world.ChatGpt.Slug, 1), default))!;

    [Fact]
    public async Task An_incident_that_was_open_before_a_gap_is_not_known_before_enough_was_seen_after_it()
    {
        await using var world = await StopAsync(minutesSince: 6);

        var view = await ReadAsync(world);
        Assert.Equal([new MinuteRange(At(0, 6), At(4, 0))], view.Gaps);
        Assert.Equal((At(0, 6), 6, true), (view.UnseenSince, view.Minutes, view.IsAtLeast));
        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal((ServiceStatus.Unknown, Finding.Beginning, At(0, 6)), (situation.Status, situation.Finding, situation.Open!.UnseenSince));
        Assert.Empty(await world.Get<ServiceReader>().InTroubleAsync(10, default));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task One_that_a_gap_ended_is_told_before_enough_was_seen_to_speak_of_now(int minutes)
    {
        await using var world = await StopAsync(minutes, ended: At(0, 6));

        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal((Finding.Beginning, At(0, 5)), (situation.Finding, situation.Recent!.LastSeen));
    }

    [Fact]
    public async Task While_the_newest_observed_minute_lags_an_open_one_is_still_told_as_seen_last()
    {
        await using var world = await StopAsync(minutesSince: 6);
        world.Clock.Advance(TimeSpan.FromMinutes(1));

        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal((Finding.Beginning, At(0, 6)), (situation.Finding, situation.Open!.UnseenSince));
    }

    [Fact]
    public async Task It_is_told_again_once_enough_was_seen()
    {
        await using var world = await StopAsync(minutesSince: 7);

        var view = await ReadAsync(world);
        Assert.Null(view.UnseenSince);
        Assert.Equal((6 + 6, true), (view.Minutes, view.IsAtLeast));
        Assert.Equal(ServiceStatus.Outage, (await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default)).Status);
    }

    [Fact]
    public async Task One_whose_end_lies_in_the_gap_lasted_at_least_as_long_as_it_was_seen()
    {
        await using var world = await StopAsync(minutesSince: 20, ended: At(0, 6));

        var view = await ReadAsync(world);
        Assert.Equal([new MinuteRange(At(0, 6), At(4, 0))], view.Gaps);
        Assert.Equal((6, true, true, 90), (view.Minutes, view.IsAtLeast, view.EndIsHidden, view.Reports));
        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal((Finding.Over, 6), (situation.Finding, situation.Recent!.Minutes));
    }

    [Fact]
    public async Task While_nobody_observes_the_gap_grows_and_the_length_does_not()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));
        Assert.Equal((14, false), (await ReadAsync(world)) is var now ? (now.Minutes, now.IsAtLeast) : default);

        world.Clock.Advance(TimeSpan.FromHours(6));
        var later = await ReadAsync(world);
        Assert.Equal((15, true, At(0, 21)), (later.Minutes, later.IsAtLeast, later.UnseenSince));
        Assert.Equal(At(6, 20) + 1, Assert.Single(later.Gaps).To);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Of_minutes_that_were_not_observed_nothing_is_expected(int unseen)
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        var whole = (await world.Get<ServiceReader>().ReadAsync(world.ChatGpt, default)).Summary.Pulse.Expected15m!.Value;
        Assert.InRange(whole, 28, 32);

        world.Clock.Advance(TimeSpan.FromMinutes(8 + unseen));
        await world.Counts.ObserveAsync(new MinuteRange(world.Now - 7, world.Now + 1), default);
        await world.Counts.ObserveAsync(world.Clock.GetUtcNow(), default);
        var situation = await world.Get<SituationReader>().ReadAsync(world.ChatGpt, Region.World, default);
        Assert.Equal(15 - unseen, situation.Freshness!.Value.ObservedMinutes);
        Assert.Equal(whole * (15 - unseen) / 15, situation.World.Expected15m!.Value, 1);
    }

    [Fact]
    public async Task The_minute_that_goes_on_and_a_restart_within_a_minute_are_no_gap()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        world.Clock.Advance(TimeSpan.FromSeconds(50));
        await world.Counts.ObserveAsync(world.Clock.GetUtcNow(), default);
        Assert.Equal(15, (await world.Get<FreshnessReader>().ReadAsync(default)).ObservedMinutes);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));

        Assert.Empty((await ReadAsync(world)).Gaps);
    }
}
