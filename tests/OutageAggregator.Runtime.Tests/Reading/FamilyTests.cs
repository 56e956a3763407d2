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

    private static async Task BeAsync(ReadingWorld world, string service, string state)
    {
        if (state == "elevated")
            await world.CountAsync(service, Italy, world.Now, 60);
        var open = Incident(At(0, 2), service: service);
        var recovering = open with { Phases = open.Phases.Add(new Phase(PhaseKind.Recovery, At(0, 14), null)) };
        await (state switch
        {
            "in outage" => world.LogAsync(service, IncidentEventKind.Opened, ServiceStatus.Outage, open),
            "recovering" => world.LogAsync(service, IncidentEventKind.Recovering, ServiceStatus.Outage, recovering),
            "just over" => world.LogAsync(service, IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(23, 30, -1), At(0, 5), service)),
            "elevated" => world.LogAsync(service, IncidentEventKind.Elevated, ServiceStatus.Elevated),
            _ => Task.CompletedTask,
        });
    }

    [Theory]
    [InlineData("recovering", "in outage")]
    [InlineData("just over", "recovering")]
    [InlineData("just over", "in outage")]
    [InlineData("elevated", "just over")]
    [InlineData("quiet", "just over")]
    [InlineData("quiet", "elevated")]
    public async Task Its_members_come_worst_first(string chatGpt, string sora)
    {
        await using var world = new ReadingWorld();
        await world.LiveThroughAMonthAsync("chatgpt", Italy, 30);
        await world.CountAsync("chatgpt", Italy, world.Now, 40);
        await BeAsync(world, "chatgpt", chatGpt);
        await BeAsync(world, "sora", sora);

        Assert.Equal(["sora", "chatgpt"], (await world.Get<ServiceReader>().ReadAsync(world.OpenAi, default)).Summary.Members.Select(m => m.Service.Slug.ToString()));
    }

    [Theory]
    [InlineData(900, 20, "chatgpt-1")]
    [InlineData(20, 900, "sora-1")]
    [InlineData(21, 20, "chatgpt-1")]
    public async Task Of_members_just_over_the_one_that_was_reported_most_comes_first_and_stands_for_it(int chatGpt, int sora, string incident)
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, At(23, 50, -1), chatGpt);
        await world.CountAsync("sora", Italy, At(23, 50, -1), sora);
        await BeAsync(world, "chatgpt", "just over");
        await BeAsync(world, "sora", "just over");
        var (services, situation) = (world.Get<ServiceReader>(), await world.Get<SituationReader>().ReadAsync(world.OpenAi, Region.World, default));

        Assert.Equal((Finding.OverOfMembers, ServiceStatus.Normal, incident), (situation.Finding, situation.Shown, situation.JustOver!.Incident.Id.ToString()));
        Assert.Equal(2, situation.MembersJustOver.Count());
        Assert.Equal(incident, situation.MembersJustOver.First().Recent!.Incident.Id.ToString());
        Assert.Equal(incident, (await services.ReadAsync(world.OpenAi, default)).Summary.Recent!.Incident.Id.ToString());
        var listed = (await services.ListAsync(new ServiceQuery("openai", WithCounts: false), default)).Items[0];
        Assert.Equal(("openai", incident), (listed.Service.Slug.ToString(), listed.Recent!.Incident.Id.ToString()));
        Assert.True((await services.StatusesAsync(default)).Services.Single(s => s.Service == world.OpenAi).IsOver);
        Assert.Empty((await services.ReadAsync(world.OpenAi, default)).Tail);
    }

    [Theory]
    [InlineData("recovering", "quiet", "quiet", Finding.RecoveringOfMembers)]
    [InlineData("recovering", "recovering", "quiet", Finding.RecoveringOfMembers)]
    [InlineData("recovering", "just over", "quiet", Finding.RecoveringOfMembers)]
    [InlineData("recovering", "in outage", "quiet", Finding.OutageOfMembers)]
    [InlineData("recovering", "quiet", "recovering", Finding.Recovering)]
    [InlineData("in outage", "quiet", "recovering", Finding.Outage)]
    [InlineData("just over", "quiet", "just over", Finding.Over)]
    public async Task It_gets_better_where_all_that_is_in_outage_does(string chatGpt, string sora, string openAi, Finding finding)
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await BeAsync(world, "chatgpt", chatGpt);
        await BeAsync(world, "sora", sora);
        await BeAsync(world, "openai", openAi);

        Assert.Equal(finding, (await world.Get<SituationReader>().ReadAsync(world.OpenAi, Region.World, default)).Finding);
    }

    [Fact]
    public async Task While_a_member_is_in_outage_none_that_is_over_stands_for_it()
    {
        await using var world = new ReadingWorld();
        await world.ObserveAsync();
        await BeAsync(world, "chatgpt", "just over");
        await BeAsync(world, "sora", "in outage");

        var family = (await world.Get<ServiceReader>().ReadAsync(world.OpenAi, default)).Summary;
        Assert.Equal((ServiceStatus.Outage, "sora-1", null), (family.Status, family.IncidentId.ToString(), family.Recent));
        Assert.Equal("chatgpt-1", family.Members[1].Recent!.Incident.Id.ToString());
    }
}
