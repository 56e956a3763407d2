using System.Net;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests.Trouble;

/// <summary>A node with few places for reports that wait, a Redis that takes its time, and far more people at once than there are places.</summary>
[Collection(NodesUnderLoad.Name)]
public sealed class OverloadTests(ITestOutputHelper output)
{
    private const int Places = 20;
    private const int AtOnce = 500;
    private const int Rounds = 18;
    private const int RoundsBefore = 10;
    private const long MostGrowth = 64 << 20;

    private static readonly (string Service, string Region)[] s_pairs = [("chatgpt", "IT"), ("chatgpt", "US"), ("github", "DE"), ("netflix", "ES")];

    [Fact]
    public async Task Who_finds_no_place_is_told_when_to_come_again_and_who_was_taken_is_counted()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(redis);
        using var folder = new TemporaryFolder();
        // Slow is meant here: on a busy machine it may look like a Redis that hangs.
        var nodes = await ClusterNode.StartAsync(
            slow.Address, folder.Path, 1, ("OUTAGE_Intake__MaxWaiting", Places.ToString(CultureInfo.InvariantCulture)), ("OUTAGE_Redis__HungMilliseconds", "4000"));
        await using var end = new Together(nodes, output);
        var node = nodes[0];
        var presses = new Presses(nodes, s_pairs);
        var from = DateTimeOffset.UtcNow;
        Assert.Equal(Places, await node.MetricAsync("outage_intake_places"));

        // So that no watch has to be loaded while Redis is slow.
        await presses.PressTogetherAsync(s_pairs.Length);
        Assert.All(presses.All, p => Assert.True(p.IsKnown));

        slow.Delay = TimeSpan.FromMilliseconds(100);
        var (memory, most) = (0L, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            // By now it is full of what it was compiled to, and of connections.
            if (round == RoundsBefore)
                memory = most = node.Memory;
            var together = presses.PressTogetherAsync(AtOnce);
            Assert.InRange(await node.MetricAsync("outage_intake_waiting"), 0, Places);
            await together;
            most = Math.Max(most, node.Memory);
        }
        slow.Delay = TimeSpan.Zero;

        var taken = presses.All.Where(p => p.Status == HttpStatusCode.Accepted).ToList();
        var refused = presses.All.Where(p => p.Status != HttpStatusCode.Accepted).ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{taken.Count} taken, {refused.Count} refused; half of the refusals within {refused.Select(p => p.Took.TotalMilliseconds).Order().ElementAtOrDefault(refused.Count / 2):0} ms; memory {memory >> 20} MB after {RoundsBefore} rounds and {(most - memory) / 1048576.0:0.0} MB more at most"));
        // In a round each place is taken once at least, and again only by those who come a tenth of a second later.
        Assert.InRange(taken.Count - s_pairs.Length, Rounds * Places, Rounds * AtOnce / 2);
        Assert.All(refused, AssertSaysWhyAndWhen);
        Assert.Equal(refused.Count, await RefusedAsync(node));
        await IsReadyAsync(node);
        // "Nothing was stored", they were told: so none of them is counted.
        Assert.Equal(s_pairs.ToDictionary(p => p, p => taken.Count(t => t.Pair == p)), await node.CountAsync(s_pairs, from));
        Assert.InRange(most - memory, long.MinValue, MostGrowth);

        await presses.ComeAgainAsync();
        await ClusterNode.UntilAsync(async () => (await node.CountAsync(s_pairs, from)).Values.Sum() >= s_pairs.Length + (Rounds * AtOnce));
        Assert.Equal(presses.People(), await node.CountAsync(s_pairs, from));
        Assert.Equal(0, await node.MetricAsync("outage_intake_waiting"));
    }

    private static void AssertSaysWhyAndWhen(Press press)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, press.Status);
        Assert.Equal(TimeSpan.FromSeconds(1), press.RetryAfter);
        Assert.Equal(("/problems/intake-full", "More reports are waiting than can be stored at once", "Nothing was stored; try again in a second."), press.Problem);
    }

    private static async Task IsReadyAsync(ClusterNode node)
    {
        using var answer = await node.Client.GetAsync(new Uri(node.Address, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static Task<double> RefusedAsync(ClusterNode node) => node.MetricAsync("outage_reports_total{outcome=\"refused\"}");
}
