using Orleans.Core.Internal;
using OutageAggregator.Cluster.Grains;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests;

/// <summary>
/// A service's watch asks its regions to close a minute. Orleans ends a watch whose place in the directory was lost with a node: it lets nobody
/// in from then on, and ends when its work is over. What it waits for must not need it.
/// </summary>
public sealed class AskedRegionsTests
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

        var readings = await node.Grains.Of(key).CloseAsync(Only(minute));

        Assert.Equal(minute + 1, Assert.Single(readings!).End);
        Assert.Null(await node.PortOfAsync(TwoNodes.GrainOf(node, TwoNodes.Service)));
    }

    [Fact]
    public async Task A_region_that_a_question_loaded_joins_its_services_watch_with_its_next_report()
    {
        await using var nodes = await TwoNodes.StartAsync();
        var node = nodes.One;
        var key = await nodes.WatchOnAsync(node);
        await EndAsync(node, TwoNodes.GrainOf(node, key));
        _ = await node.Grains.Of(key).CloseAsync(Only(nodes.Now));
        await EndAsync(node, TwoNodes.GrainOf(node, TwoNodes.Service));

        _ = await node.Watches.RecordAsync(nodes.Batch(key, 3), TwoNodes.None);

        Assert.NotNull(await node.PortOfAsync(TwoNodes.GrainOf(node, TwoNodes.Service)));
    }

    [Fact]
    public async Task A_region_that_takes_too_long_is_told_once_and_closes_the_minute_nevertheless()
    {
        await using var nodes = await TwoNodes.StartAsync(byAWay: true);
        var key = await nodes.WatchOnAsync(nodes.One);
        var minute = nodes.Now;
        await nodes.PassQuietlyAsync(nodes.One, 1);
        var log = new KeptLog<AskedRegions>();
        var hasty = new AskedRegions(key.Service, nodes.One.Grains, new RegionPatience(TimeSpan.Zero), log);
        var patient = new AskedRegions(key.Service, nodes.One.Grains, new RegionPatience(Timeout.InfiniteTimeSpan), log);

        nodes.Way!.Delay = TimeSpan.FromHours(1);
        Assert.Null(await hasty.AskAsync(key.Region, Only(minute)));
        hasty.Tell([key.Region]);
        hasty.Tell([key.Region]);
        nodes.Way.Delay = TimeSpan.Zero;

        Assert.StartsWith($"chatgpt is watched without {key.Region}, which did not answer in time (", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Equal(minute + 1, Assert.Single((await patient.AskAsync(key.Region, Only(minute)))!).End);
    }

    private static ClosingMinutes Only(Minute minute) => new(minute, minute + 1, [new MinuteRange(minute, minute + 1)], default);

    private static async Task EndAsync(InProcessNode node, IGrain grain)
    {
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await ClusterNode.UntilAsync(async () => await node.PortOfAsync(grain) is null);
    }
}
