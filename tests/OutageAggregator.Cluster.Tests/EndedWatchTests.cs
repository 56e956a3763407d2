using Orleans.Core.Internal;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests;

/// <summary>
/// Orleans ends a watch whose place in the directory was lost with a node. It lets nobody in from then on, and ends when its work is over: what
/// it waits for must not need it.
/// </summary>
public sealed class EndedWatchTests
{
    [Fact]
    public async Task A_region_that_was_ended_closes_a_minute_without_asking_its_services_watch_which_waits_for_it()
    {
        await using var nodes = await TwoNodes.StartAsync();
        var node = nodes.One;
        var key = await nodes.WatchOnAsync(node);
        _ = await node.Watches.RecordAsync(nodes.Batch(key, 3), TwoNodes.None);
        var minute = nodes.Now;
        await nodes.PassQuietlyAsync(node, 1);
        await EndAsync(node, TwoNodes.GrainOf(node, key));
        await EndAsync(node, TwoNodes.GrainOf(node, TwoNodes.Service));

        var readings = await node.Grains.Of(key).CloseAsync(new ClosingMinutes(minute, minute + 1, [new MinuteRange(minute, minute + 1)], default));

        Assert.Equal(minute + 1, Assert.Single(readings!).End);
        Assert.Null(await node.PortOfAsync(TwoNodes.GrainOf(node, TwoNodes.Service)));
    }

    [Fact]
    public async Task A_region_that_a_question_loaded_joins_its_services_watch_with_its_next_report()
    {
        await using var nodes = await TwoNodes.StartAsync();
        var node = nodes.One;
        var key = await nodes.WatchOnAsync(node);
        var minute = nodes.Now;
        await EndAsync(node, TwoNodes.GrainOf(node, key));
        _ = await node.Grains.Of(key).CloseAsync(new ClosingMinutes(minute, minute + 1, [new MinuteRange(minute, minute + 1)], default));
        await EndAsync(node, TwoNodes.GrainOf(node, TwoNodes.Service));

        _ = await node.Watches.RecordAsync(nodes.Batch(key, 3), TwoNodes.None);

        Assert.NotNull(await node.PortOfAsync(TwoNodes.GrainOf(node, TwoNodes.Service)));
    }

    private static async Task EndAsync(InProcessNode node, IGrain grain)
    {
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await ClusterNode.UntilAsync(async () => await node.PortOfAsync(grain) is null);
    }
}
