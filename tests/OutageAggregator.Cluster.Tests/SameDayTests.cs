using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Contracts;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.TestKit.Redis;
using OutageAggregator.TestKit.Watching;

namespace OutageAggregator.Cluster.Tests;

/// <summary>The same people report to one process over memory, to one node and to three. Nobody may be able to tell which.</summary>
public sealed class SameDayTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset s_start = new(2024, 11, 8, 14, 20, 30, TimeSpan.Zero);
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Fact]
    public async Task The_same_day_gives_the_same_incidents_minute_by_minute_on_objects_on_one_node_and_on_three()
    {
        await using var redis = await RedisServer.StartAsync();
        var day = await RecordedDay.MakeAsync(Minute.Of(s_start));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{day.Reports} reports in {day.Batches.Sum(m => m.Count)} batches"));

        var objects = await AloneAsync(day);
        var one = await ClusterAsync(redis, "one", nodes: 1, day);
        var three = await ClusterAsync(redis, "three", nodes: 3, day);

        foreach (var service in RecordedDay.Services)
        {
            var expected = Told(objects, service);
            output.WriteLine(string.Join('\n', expected));
            Assert.Equal(expected, Told(one, service));
            Assert.Equal(expected, Told(three, service));
        }
        // What the day was made of: the recorded outage, one region's, which came back, and the thin one.
        Assert.Equal(["chatgpt", "claude", "github"], Of(IncidentEventKind.Opened).Select(i => i.Service.ToString()).Distinct().Order());
        Assert.Contains(Of(IncidentEventKind.Opened), i => i.Service.ToString() == "claude" && i.Regions.SequenceEqual([Region.Parse("IT")]));
        Assert.Contains(Of(IncidentEventKind.Opened), i => i.Service.ToString() == "github" && i.Evidence.Region == Region.World);
        Assert.NotEmpty(Of(IncidentEventKind.Recurred));
        Assert.NotEmpty(Of(IncidentEventKind.Resolved));

        IEnumerable<Incident> Of(IncidentEventKind kind) => three.Where(e => e.Kind == kind).Select(e => e.Incident!);
    }

    private static async Task<List<IncidentEvent>> AloneAsync(RecordedDay day)
    {
        var clock = new ManualClock(s_start);
        var (counts, log) = (new MemoryCountStore(), new MemoryIncidentLog());
        var watches = ObjectWatches.Over(counts, log, TwoNodes.Catalog, clock);
        await watches.LookAsync();
        return await LiveAsync(clock, day, counts, log, watches, watches.LookAsync);
    }

    private static async Task<List<IncidentEvent>> ClusterAsync(RedisServer redis, string cluster, int nodes, RecordedDay day)
    {
        var clock = new ManualClock(s_start);
        var members = new List<InProcessNode>();
        try
        {
            while (members.Count < nodes)
                members.Add(await InProcessNode.StartAsync(redis.Address, cluster, TwoNodes.Catalog, clock));
            var (first, last) = (members[0], members[^1]);
            return await LiveAsync(clock, day, first.Counts, first.Log, first.Watches, () => Task.WhenAll(RecordedDay.Services.Select(s => last.TickAsync(s.ToString()))));
        }
        finally
        {
            foreach (var member in members)
                await member.DisposeAsync();
        }
    }

    private static async Task<List<IncidentEvent>> LiveAsync(
        ManualClock clock, RecordedDay day, ICountStore counts, IIncidentLog log, IWatches watches, Func<Task> tickAsync)
    {
        await counts.ObserveAsync(clock.GetUtcNow(), s_none);
        foreach (var batches in day.Batches)
        {
            foreach (var batch in batches)
                _ = await watches.RecordAsync(batch, s_none);
            clock.Advance(TimeSpan.FromMinutes(1));
            await tickAsync();
        }
        return [.. (await log.ReadAsync(0, 1_000, s_none)).Select(e => e.Event)];
    }

    private static List<string> Told(IEnumerable<IncidentEvent> events, ServiceSlug service) =>
    [
        .. events.Where(e => e.Service == service).Select(e => e.Incident is { } incident
            ? $"{e with { Incident = null }}: {incident with { Phases = [], Regions = [] }} phases {string.Join(", ", incident.Phases)} regions {string.Join(", ", incident.Regions)}"
            : $"{e}"),
    ];
}
