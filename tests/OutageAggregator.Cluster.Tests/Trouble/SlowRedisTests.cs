using System.Net;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests.Trouble;

/// <summary>A node whose Redis answers, but late.</summary>
[Collection(NodesUnderLoad.Name)]
public sealed class SlowRedisTests(ITestOutputHelper output)
{
    private static readonly (string Service, string Region) s_pair = ("chatgpt", "IT");

    [Fact]
    public async Task Who_reported_is_told_so_without_waiting_for_all_that_could_be_told_besides()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var slow = new SlowRedis(redis);
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(slow.Address, folder.Path, 1, ("OUTAGE_Redis__HungMilliseconds", "4000"));
        await using var end = new Together(nodes, output);
        var people = 0;
        await ClusterNode.UntilAsync(async () => await SituationAsync(nodes[0], people++) == JsonValueKind.Object);

        // The report needs one answer of Redis, the situation three at least, one after the other.
        slow.Delay = TimeSpan.FromMilliseconds(1_200);
        Assert.Equal(JsonValueKind.Null, await SituationAsync(nodes[0], people++));

        slow.Delay = TimeSpan.Zero;
        await ClusterNode.UntilAsync(async () => await SituationAsync(nodes[0], people++) == JsonValueKind.Object);
    }

    private static async Task<JsonValueKind> SituationAsync(ClusterNode node, int person)
    {
        using var answer = await node.ReportAsync(person, s_pair);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        using var receipt = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return receipt.RootElement.GetProperty("situation").ValueKind;
    }
}
