using OutageAggregator.Runtime.Following;
using OutageAggregator.Runtime.Reading;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Reading;

/// <summary>A family speaks for its members, and counts apart.</summary>
public sealed class FamilyTests
{
    private static async Task<ReadingWorld> WorldAsync()
    {
        var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        await world.CountAsync("chatgpt", Italy, world.Now, 5_000);
        await world.CountAsync("openai", Italy, world.Now, 12);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));
        return world;
    }

    [Fact]
    public async Task It_is_as_badly_off_as_its_worst_member_and_counts_its_own_reports_only()
    {
        await using var world = await WorldAsync();

        var family = (await world.Get<ServiceReader>().ReadAsync(world.OpenAi, default)).Summary;
        Assert.Equal((ServiceStatus.Outage, At(0, 6).Start, "chatgpt-1", 12), (family.Status, family.Since, family.IncidentId.ToString(), family.Pulse.Reports15m));
        Assert.Equal(["chatgpt Outage 5000", "sora Normal 0"], family.Members.Select(m => $"{m.Service.Slug} {m.Status} {m.Pulse.Reports15m}"));
    }

    [Fact]
    public async Task Its_situation_names_the_member_and_not_the_family()
    {
        await using var world = await WorldAsync();

        var situation = await world.Get<SituationReader>().ReadAsync(world.OpenAi, Region.World, default);
        Assert.Equal((Finding.OutageOfMembers, ServiceStatus.Outage, 12), (situation.Finding, situation.Worst, situation.World.Reports15m));
        Assert.Equal(["ChatGPT"], situation.MembersInOutage.Select(m => m.Service.Name));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(1, 12)]
    public async Task A_member_with_more_than_usual_is_named_and_not_denied(int more, int ofFamily)
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        await world.LiveThroughAMonthAsync("openai", Italy, 30);
        await world.CountAsync("chatgpt", Italy, world.Now, 90 + more);
        await world.CountAsync("openai", Italy, world.Now, ofFamily);
        await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated);

        var situation = await world.Get<SituationReader>().ReadAsync(world.OpenAi, Region.World, default);
        Assert.Equal((Finding.ElevatedOfMembers, ServiceStatus.Elevated), (situation.Finding, situation.Worst));
        Assert.Equal([("ChatGPT", 90 + more)], situation.MembersElevated.Select(m => (m.Service.Name, m.Pulse.Reports15m)));
        Assert.Equal(ServiceStatus.Elevated, (await world.Get<ServiceReader>().ReadAsync(world.OpenAi, default)).Summary.Status);
    }

    [Fact]
    public async Task It_is_found_among_those_in_outage_and_in_no_list_of_troubles_beside_its_member()
    {
        await using var world = await WorldAsync();
        var services = world.Get<ServiceReader>();

        Assert.Equal(["chatgpt", "openai"], (await services.ListAsync(new ServiceQuery(Status: ServiceStatus.Outage), default)).Items.Select(s => s.Service.Slug.ToString()));
        Assert.Equal(["chatgpt"], (await services.InTroubleAsync(10, default)).Select(s => s.Service.Slug.ToString()));
    }

    [Fact]
    public async Task Who_listens_to_it_hears_of_its_members_and_of_nobody_else()
    {
        await using var world = await WorldAsync();
        await world.LogAsync("claude", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 7), service: "claude"));
        var feed = world.Get<LiveFeed>();
        await feed.StartAsync(default);
        using var subscription = (await feed.SubscribeAsync(world.OpenAi, default))!;

        Assert.Equal(["chatgpt-1"], (await feed.ReplayAsync(subscription, 0, default))!.OfType<IncidentMessage>().Select(i => i.Incident.Incident.Id.ToString()));
        var snapshot = await feed.SnapshotAsync(subscription, default);
        Assert.Equal(["openai Outage", "chatgpt Outage", "sora Normal"], snapshot.OfType<StatusMessage>().Select(s => $"{s.Service} {s.Status}"));
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task Its_own_outage_goes_before_that_of_a_member()
    {
        await using var world = await WorldAsync();
        await world.LogAsync("openai", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 10), service: "openai"));

        Assert.Equal("openai-1", (await world.Get<ServiceReader>().ReadAsync(world.OpenAi, default)).Summary.IncidentId.ToString());
        Assert.Equal(Finding.Outage, (await world.Get<SituationReader>().ReadAsync(world.OpenAi, Region.World, default)).Finding);
    }
}
