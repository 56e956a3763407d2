using System.Diagnostics;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>A node that hangs is a node that is lost, and is told once by each of the others.</summary>
[Collection(NodesUnderLoad.Name)]
public sealed class HungNodeTests(ITestOutputHelper output)
{
    private const string GivenUp = "does not answer and was given up";

    [Fact]
    public async Task A_node_that_hangs_is_given_up_by_the_others_who_say_so_once_and_one_that_ends_is_not()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 3);
        await using var end = new Together(nodes, output);

        // The oldest one: the others did not see it come.
        await nodes[0].Program.SignalAsync("STOP");
        var stopped = Stopwatch.GetTimestamp();
        foreach (var survivor in nodes.Skip(1))
            Assert.Contains(nodes[0].SiloAddress, await survivor.Program.LineAsync(IsLoss), StringComparison.Ordinal);
        var seconds = Stopwatch.GetElapsedTime(stopped).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"given up by both after {seconds:0.0} s"));
        await nodes[0].Program.KillAsync();
        await nodes[2].Program.TerminateAsync();

        foreach (var survivor in nodes.Skip(1))
        {
            var told = Assert.Single(survivor.Program.Output.Split('\n'), IsLoss);
            Assert.Contains(nodes[0].SiloAddress, told, StringComparison.Ordinal);
        }
    }

    private static bool IsLoss(string line) => line.Contains(GivenUp, StringComparison.Ordinal);
}
