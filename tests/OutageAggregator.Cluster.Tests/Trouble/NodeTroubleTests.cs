using System.Net;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests.Trouble;

/// <summary>A node as a process whose Redis is not there yet, or comes back without its data.</summary>
public sealed class NodeTroubleTests
{
    [Fact]
    public async Task A_node_starts_without_Redis_says_why_it_waits_and_joins_when_Redis_comes()
    {
        var port = Ports.Free();
        using var folder = new TemporaryFolder();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        await using var node = ProgramProcess.Start(
            "Server", ["--urls", address.ToString(), "--data", folder.Path, "--redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["OUTAGE_Cluster__Address"] = "127.0.0.1",
                ["OUTAGE_Cluster__SiloPort"] = Ports.Free().ToString(CultureInfo.InvariantCulture),
            });
        _ = await node.LineAsync(l => l.Contains("This node can't join the cluster, trying again every second", StringComparison.Ordinal));
        _ = await node.LineAsync(l => l.StartsWith("OutageAggregator is at ", StringComparison.Ordinal));
        using var client = new HttpClient { BaseAddress = address };
        using (var answer = await client.GetAsync("/readyz"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        using (var page = await client.GetAsync("/healthz"))
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        await using var redis = await RedisServer.StartAsync(port);

        await ClusterNode.UntilAsync(async () => (await client.GetAsync("/readyz")).IsSuccessStatusCode);
        _ = await node.LineAsync(l => l.Contains("Joined the cluster", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nodes_whose_Redis_comes_back_empty_end_and_are_a_cluster_again_when_they_are_started()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 2);
        await using var first = nodes[0];
        await using var second = nodes[1];

        Assert.Equal("+OK", await redis.SayAsync("FLUSHALL"));

        foreach (var node in nodes)
        {
            await node.Program.EndAsync();
            Assert.Equal(WatchTicker.ForgottenExitCode, node.Program.ExitCode);
            Assert.Contains("Redis came back without its data", node.Program.Output, StringComparison.Ordinal);
        }
        await first.StartAsync();
        await second.StartAsync();
    }

    [Fact]
    public async Task A_node_whose_Redis_came_back_empty_notices_it_although_another_one_has_begun_anew()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        // The other one looks seldom enough to be late.
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 2, ("OUTAGE_Watching__TickSeconds", "15"));
        await using var first = nodes[0];
        await using var second = nodes[1];

        Assert.Equal("+OK", await redis.SayAsync("FLUSHALL"));
        await first.Program.KillAsync();
        await first.StartAsync();

        await second.Program.EndAsync();
        Assert.Equal(WatchTicker.ForgottenExitCode, second.Program.ExitCode);
        await second.StartAsync();
    }

    [Fact]
    public async Task A_node_that_is_asked_to_end_while_Redis_hangs_ends_all_the_same()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        await using var node = (await ClusterNode.StartAsync(redis, folder.Path, 1))[0];

        await redis.SignalAsync("STOP");
        try
        {
            await node.Program.TerminateAsync();
        }
        finally
        {
            await redis.SignalAsync("CONT");
        }

        Assert.Equal(0, node.Program.ExitCode);
    }
}
