using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Following;
using OutageAggregator.Runtime.Tests.Reading;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Runtime.Tests.Following;

public sealed class LiveFeedTests
{
    private static async Task<LiveFeed> StartAsync(ReadingWorld world)
    {
        var feed = world.Get<LiveFeed>();
        await feed.StartAsync(default);
        return feed;
    }

    private static ReadingWorld World(LiveSettings? settings = null) =>
        new(configure: services => services.AddSingleton(settings ?? new LiveSettings()));

    private static async Task<LiveMessage> NextAsync(LiveSubscription subscription) => await subscription.Messages.ReadAsync(default);

    [Fact]
    public async Task An_event_reaches_all_who_listen_to_its_service_as_one_object()
    {
        await using var world = World();
        var feed = await StartAsync(world);
        using var everything = (await feed.SubscribeAsync(null, default))!;
        using var chatgpt = (await feed.SubscribeAsync(world.ChatGpt, default))!;
        await world.LogAsync("claude", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));

        Assert.Equal("claude", Assert.IsType<StatusMessage>(await NextAsync(everything)).Service.ToString());
        var status = Assert.IsType<StatusMessage>(await NextAsync(everything));
        Assert.Equal((ServiceStatus.Outage, At(0, 6).Start, "chatgpt-1"), (status.Status, status.Since, status.IncidentId?.ToString()));
        var incident = Assert.IsType<IncidentMessage>(await NextAsync(everything));
        Assert.Equal((2L, IncidentEventKind.Opened), (incident.Position, incident.Event.Kind));
        Assert.Same(status, await NextAsync(chatgpt));
        Assert.Same(incident, await NextAsync(chatgpt));
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task Who_is_cut_off_between_the_two_messages_of_an_event_is_told_the_second_one_again()
    {
        await using var world = World();
        var feed = await StartAsync(world);
        using var first = (await feed.SubscribeAsync(null, default))!;
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));
        var status = await NextAsync(first);
        _ = await NextAsync(first);

        using var again = (await feed.SubscribeAsync(null, default))!;
        var missed = await feed.ReplayAsync(again, status.Position, default);
        Assert.Contains(missed!, m => m is IncidentMessage);
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task Nothing_is_lost_or_told_twice_between_replay_and_listening()
    {
        await using var world = World();
        var feed = await StartAsync(world);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated);
                await Task.Yield();
            }
        });
        while (await world.Log.LastPositionAsync(default) < 20)
            await Task.Yield();
        var heard = new List<long>();
        long after = 0;
        // Comes and goes while events are written, each time with the last id heard.
        while (heard.Count < 200)
        {
            using var subscription = (await feed.SubscribeAsync(null, default))!;
            heard.AddRange((await feed.ReplayAsync(subscription, after, default))!.Select(m => m.Position));
            if (heard.Count < 200)
                heard.Add((await NextAsync(subscription)).Position);
            after = heard[^1];
        }
        await writing;
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), heard);
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task Every_event_that_was_missed_is_told_with_its_incident_as_it_was_then()
    {
        await using var world = World();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, At(0, 7), 70);
        await world.CountAsync("chatgpt", Spain, At(0, 11), 2_300);
        await world.CountAsync("chatgpt", Italy, At(0, 16), 30);
        await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated, at: At(0, 7).Start);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6), peak: 60), At(0, 8).Start);
        await world.LogAsync("claude", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 7), service: "claude"), At(0, 9).Start);
        await world.LogAsync("chatgpt", IncidentEventKind.Grew, ServiceStatus.Outage, Incident(At(0, 6), peak: 2_000), At(0, 12).Start);
        await world.LogAsync("chatgpt", IncidentEventKind.Resolved, ServiceStatus.Normal, Incident(At(0, 6), At(0, 18)), At(0, 20).Start);
        var feed = await StartAsync(world);
        using var subscription = (await feed.SubscribeAsync(null, default))!;

        var missed = (await feed.ReplayAsync(subscription, 0, default))!;

        Assert.Equal(
            [
                "1 chatgpt Elevated", "1 chatgpt Outage", "2 chatgpt-1 Opened Open 70", "2 claude Outage", "3 claude-1 Opened Open 1234",
                "3 chatgpt Outage", "4 chatgpt-1 Grew Open 2300", "4 chatgpt Normal", "5 chatgpt-1 Resolved Resolved 2300",
            ],
            missed.Select(m => m switch
            {
                StatusMessage s => $"{s.Position} {s.Service} {s.Status}",
                IncidentMessage i => $"{i.Position} {i.Incident.Incident.Id} {i.Event.Kind} {i.Incident.Incident.State} {i.Incident.Incident.Peak.ReportsPerMinute}",
                _ => "",
            }));
        Assert.Equal([70, 0, 2_370, 2_400], missed.OfType<IncidentMessage>().Select(i => i.Incident.Reports));
        Assert.Equal([1, 0, 2, 2], missed.OfType<IncidentMessage>().Select(i => i.Incident.Regions.Length));
        Assert.Equal([At(0, 8), At(0, 9), At(0, 12), At(0, 18)], missed.OfType<IncidentMessage>().Select(i => i.Incident.To));
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task Too_much_missed_and_an_unknown_place_are_not_replayed()
    {
        await using var world = World();
        for (var i = 0; i <= LiveFeed.MaxReplay; i++)
            await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated);
        var feed = await StartAsync(world);
        using var subscription = (await feed.SubscribeAsync(null, default))!;
        Assert.Null(await feed.ReplayAsync(subscription, 0, default));
        Assert.Null(await feed.ReplayAsync(subscription, LiveFeed.MaxReplay + 2, default));
        Assert.Equal(LiveFeed.MaxReplay, (await feed.ReplayAsync(subscription, 1, default))!.Count);
        Assert.Empty((await feed.ReplayAsync(subscription, LiveFeed.MaxReplay + 1, default))!);
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task Who_does_not_read_is_dropped_and_the_others_are_not_held_up()
    {
        await using var world = World(new LiveSettings { QueueLength = 4 });
        var feed = await StartAsync(world);
        using var asleep = (await feed.SubscribeAsync(null, default))!;
        using var awake = (await feed.SubscribeAsync(null, default))!;
        for (var i = 1; i <= 5; i++)
        {
            await world.LogAsync("chatgpt", IncidentEventKind.Elevated, ServiceStatus.Elevated);
            Assert.Equal(i, (await NextAsync(awake)).Position);
        }
        var dropped = new TaskCompletionSource();
        await using var registration = asleep.Dropped.Register(dropped.SetResult);
        await dropped.Task;
        Assert.Equal(1, feed.Subscribers);
        Assert.False(awake.Dropped.IsCancellationRequested);
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task Listeners_are_bounded_and_a_place_is_free_again_when_one_leaves()
    {
        await using var world = World(new LiveSettings { MaxSubscribers = 1 });
        var feed = await StartAsync(world);
        var first = await feed.SubscribeAsync(null, default);
        Assert.NotNull(first);
        Assert.Null(await feed.SubscribeAsync(null, default));
        first.Dispose();
        first.Dispose();
        using var second = await feed.SubscribeAsync(null, default);
        Assert.NotNull(second);
        Assert.Null(await feed.SubscribeAsync(null, default));
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task A_snapshot_tells_the_service_listened_to_or_all_in_trouble()
    {
        await using var world = World();
        await world.ObserveAsync();
        await world.CountAsync("chatgpt", Italy, world.Now, 5);
        await world.LogAsync("chatgpt", IncidentEventKind.Opened, ServiceStatus.Outage, Incident(At(0, 6)));
        var feed = await StartAsync(world);
        using var everything = (await feed.SubscribeAsync(null, default))!;
        var all = await feed.SnapshotAsync(everything, default);
        Assert.Equal(ServiceStatus.Outage, Assert.IsType<StatusMessage>(all[0]).Status);
        Assert.Equal(5, Assert.Single(Assert.IsType<CountsMessage>(all[1]).Services).Pulse.Reports15m);

        using var claude = (await feed.SubscribeAsync(world.Catalog.Resolve("claude"), default))!;
        var one = await feed.SnapshotAsync(claude, default);
        Assert.Equal((ServiceStatus.Normal, null), (Assert.IsType<StatusMessage>(one[0]).Status, ((StatusMessage)one[0]).At));
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task Counts_are_told_every_five_seconds_of_the_server_clock()
    {
        await using var world = World();
        await world.ObserveAsync();
        var feed = await StartAsync(world);
        using var subscription = (await feed.SubscribeAsync(world.ChatGpt, default))!;
        var told = NextAsync(subscription);
        // The feed may not have set its timer yet: move the clock until it has.
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!told.IsCompleted && await again.WaitForNextTickAsync())
            world.Clock.Advance(LiveFeed.CountsEvery);
        var counts = Assert.IsType<CountsMessage>(await told);
        Assert.Equal("chatgpt", Assert.Single(counts.Services).Service.Slug.ToString());
        await feed.StopAsync(default);
    }

    [Fact]
    public async Task When_the_server_stops_everybody_is_let_go_and_nobody_let_in()
    {
        await using var world = World();
        var feed = await StartAsync(world);
        using var subscription = (await feed.SubscribeAsync(null, default))!;
        await feed.StopAsync(default);
        Assert.False(await subscription.Messages.WaitToReadAsync(default));
        Assert.Null(await feed.SubscribeAsync(null, default));
    }
}
