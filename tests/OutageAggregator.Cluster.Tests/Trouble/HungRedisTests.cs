using System.Net;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests.Trouble;

/// <summary>Two nodes under load whose Redis hangs for half a minute without closing its sockets, as the product is set by default.</summary>
[Collection(NodesUnderLoad.Name)]
public sealed class HungRedisTests(ITestOutputHelper output)
{
    private const int PerSecond = 300;
    private const int WarmedUpBy = 10 * PerSecond;
    private const long MostGrowth = 64 << 20;

    private static readonly TimeSpan s_stopped = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private static readonly (string Service, string Region)[] s_pairs =
        [.. new[] { "chatgpt", "claude", "github", "netflix", "spotify", "discord" }.SelectMany(_ => new[] { "IT", "ES", "US", "DE", "FR", "GB" }, (service, region) => (service, region))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_Redis_hangs_nobody_waits_for_it_and_afterwards_everybody_is_counted_once(bool spool)
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 2, ("OUTAGE_Spool__Enabled", spool ? "true" : "false"));
        await using var end = new Together(nodes, output);
        var presses = new Presses(nodes, s_pairs);
        var from = DateTimeOffset.UtcNow;

        var enough = new TaskCompletionSource();
        var pressing = presses.PressAsync(PerSecond, enough.Task);
        await ClusterNode.UntilAsync(() => Task.FromResult(presses.All.Count(p => p.IsKnown) >= WarmedUpBy));
        var memory = nodes.Select(n => n.Memory).ToList();
        var late = await LateAsync(nodes);
        await redis.SignalAsync("STOP");
        var stoppedAt = presses.Now;
        var (shownAfter, most) = await LookAsync(nodes, presses, until: stoppedAt + s_stopped);
        enough.SetResult();
        // Redis hangs until after this line: who waits for it gets no answer here, but a cancelled request in the end.
        await pressing;
        // Later, and not at the same time: the clock stands still while the machine is taken away, and some of that moment came before.
        var meanwhile = presses.All.Where(p => p.SentAt > stoppedAt).ToList();
        Tell(meanwhile, shownAfter, memory, most);
        Assert.All(nodes, n => Assert.NotNull(shownAfter[nodes.IndexOf(n)]));
        // Those who reported as it began to hang waited for it until the breaker opened; nobody after them did.
        Assert.InRange(await LateAsync(nodes) - late, 0, meanwhile.Count / 10);
        foreach (var node in nodes)
            Assert.Equal(1, await node.MetricAsync("outage_redis_breaker_open"));

        var over = new TaskCompletionSource();
        var goingOn = presses.PressAsync(PerSecond, over.Task);
        await redis.SignalAsync("CONT");
        foreach (var node in nodes)
            await ClusterNode.UntilAsync(async () => await node.MetricAsync("outage_redis_breaker_open") == 0 && await IsDrainedAsync(node, spool));
        over.SetResult();
        await goingOn;
        await presses.ComeAgainAsync();
        foreach (var node in nodes)
            await ClusterNode.UntilAsync(() => IsDrainedAsync(node, spool));

        Assert.True(meanwhile.Count > PerSecond * s_stopped.TotalSeconds / 2, $"Only {meanwhile.Count} people reported while Redis hung.");
        if (spool)
            Assert.All(meanwhile, p => Assert.Equal(HttpStatusCode.Accepted, p.Status));
        else
            Assert.All(meanwhile, AssertComesAgain);
        Assert.Equal(presses.People(), await nodes[0].CountAsync(s_pairs, from));
        for (var i = 0; i < nodes.Count; i++)
            Assert.InRange(most[i] - memory[i], long.MinValue, MostGrowth);
    }

    private static void AssertComesAgain(Press press)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, press.Status);
        Assert.True(press.RetryAfter > TimeSpan.Zero);
        Assert.Equal("/problems/store-unavailable", press.Problem?.Type);
    }

    // When each node's breaker was first shown open, and how much memory each had at most.
    private static async Task<(TimeSpan?[] ShownAfter, long[] Most)> LookAsync(IReadOnlyList<ClusterNode> nodes, Presses presses, TimeSpan until)
    {
        var since = presses.Now;
        var shownAfter = new TimeSpan?[nodes.Count];
        var most = new long[nodes.Count];
        using var look = new PeriodicTimer(s_look);
        do
        {
            for (var i = 0; i < nodes.Count; i++)
            {
                if (shownAfter[i] is null && await nodes[i].MetricAsync("outage_redis_breaker_open") == 1)
                    shownAfter[i] = presses.Now - since;
                most[i] = Math.Max(most[i], nodes[i].Memory);
            }
        }
        while (presses.Now < until && await look.WaitForNextTickAsync());
        return (shownAfter, most);
    }

    private static async Task<double> LateAsync(IReadOnlyList<ClusterNode> nodes) =>
        (await Task.WhenAll(nodes.Select(n => n.MetricAsync("outage_redis_calls_total{result=\"late\"}")))).Sum();

    private static async Task<bool> IsDrainedAsync(ClusterNode node, bool spool) => !spool || await node.MetricAsync("outage_spool_waiting_reports") == 0;

    private void Tell(List<Press> meanwhile, TimeSpan?[] shownAfter, List<long> memory, long[] most)
    {
        var took = meanwhile.Select(p => p.Took.TotalMilliseconds).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{took.Length} answers while Redis hung, {string.Join(", ", meanwhile.CountBy(p => p.Status).Select(s => $"{s.Value} of them {s.Key}"))}; half of them within {took[took.Length / 2]:0} ms, 99 % within {took[(int)(took.Length * 0.99)]:0} ms, the longest after {took[^1]:0} ms, {took.Count(t => t > 250)} after more than 250 ms"));
        for (var i = 0; i < most.Length; i++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"node {i + 1}: breaker shown open after {shownAfter[i]?.TotalMilliseconds:0} ms, memory {memory[i] >> 20} MB before and {(most[i] - memory[i]) / 1048576.0:0.0} MB more at most"));
    }
}
