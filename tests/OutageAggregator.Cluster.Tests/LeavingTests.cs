using System.Diagnostics;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Deployment;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>A node leaves and joins behind the balancer of <c>docker-compose.yml</c>, as it does when a cluster is upgraded node by node.</summary>
[Collection(NodesUnderLoad.Name)]
public sealed class LeavingTests(ITestOutputHelper output)
{
    private const int PerSecond = 300;
    private const int Seconds = 20;

    // Two nodes, Redis and the crowd may leave each other no processor for a moment. What is answered then is another test's.
    private static readonly (string, string) s_patient = ("OUTAGE_Redis__HungMilliseconds", "4000");

    [Fact]
    public async Task A_node_that_is_replaced_drops_no_request_and_is_gone_in_ten_seconds()
    {
        _ = Balancer.SkipWhereMissing();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "People need addresses of their own on this machine: all of 127/8, as Linux has it.");
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 2, s_patient);
        await using var end = new Together(nodes, output);
        await using var balancer = await Balancer.StartAsync(change: null, [.. nodes.Select(n => n.Address)]);
        using var crowd = new Crowd([balancer.Address], [("chatgpt", "IT"), ("chatgpt", "US"), ("github", "DE"), ("netflix", "ES")]) { OwnConnections = true };
        var leaving = nodes[1];
        var took = TimeSpan.MaxValue;

        await crowd.ReportAsync(PerSecond, Seconds, (5, ReplaceAsync));

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gone after {took.TotalSeconds:0.0} s, longest wait of one report {crowd.LongestWait.TotalSeconds:0.00} s; other machines had {crowd.Taken.TotalSeconds:0.0} s of this one meanwhile"));
        Assert.True(crowd.Failed == 0, $"{crowd.Reasons}\n{balancer.Log}");
        Assert.Equal(PerSecond * Seconds, crowd.Accepted);
        // Who deploys kills what is not gone by then.
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        async Task ReplaceAsync()
        {
            var asked = Stopwatch.GetTimestamp();
            await leaving.Program.TerminateAsync();
            took = Stopwatch.GetElapsedTime(asked);
            Assert.Equal(0, leaving.Program.ExitCode);
            await leaving.StartAsync();
            await ClusterNode.UntilAsync(async () => await balancer.StateAsync("ready", 2) == "UP");
        }
    }
}
