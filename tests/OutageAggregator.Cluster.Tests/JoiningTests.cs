using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests;

/// <summary>Who may be a node, and with which settings.</summary>
public sealed class JoiningTests
{
    [Fact]
    public async Task A_node_with_another_reporter_key_does_not_join_and_says_why()
    {
        await using var nodes = await TwoNodes.StartAsync();
        var key = ReporterKey.Ephemeral();
        await using var stranger = await InProcessNode.BeginAsync(nodes.Redis.Address, "two", TwoNodes.Catalog, nodes.Clock, key);

        var why = await stranger.Membership.WhyNotAsync(TwoNodes.None);

        Assert.StartsWith($"its reporter key ({key.Fingerprint}) is not the cluster's (", why, StringComparison.Ordinal);
        Assert.EndsWith("give all nodes the same reporter.key (Cluster:Secrets)", why, StringComparison.Ordinal);
        Assert.Contains(why, stranger.Readiness.WhatIsMissing());
        Assert.Equal("This node has not joined the cluster.", Assert.Throws<StoreUnavailableException>(() => stranger.Grains).Message);
        Assert.Equal(2, await nodes.One.CountNodesAsync());
        Assert.Null(await nodes.One.Membership.WhyNotAsync(TwoNodes.None));
    }

    [Fact]
    public async Task A_node_of_another_cluster_over_the_same_Redis_joins_its_own()
    {
        await using var nodes = await TwoNodes.StartAsync();
        await using var elsewhere = await InProcessNode.StartAsync(nodes.Redis.Address, "elsewhere", TwoNodes.Catalog, nodes.Clock);

        Assert.Equal(1, await elsewhere.CountNodesAsync());
        Assert.Equal(2, await nodes.One.CountNodesAsync());
    }

    [Fact]
    public async Task A_node_among_others_leaves_more_time_between_batches_than_one_that_is_alone()
    {
        await using var nodes = await TwoNodes.StartAsync();
        await using var alone = await InProcessNode.StartAsync(nodes.Redis.Address, "elsewhere", TwoNodes.Catalog, nodes.Clock);
        Assert.Equal(TimeSpan.FromMilliseconds(3), alone.Watches.Spacing);
        await SpacesByAsync(nodes.Other, 10);
        await SpacesByAsync(nodes.One, 10);

        await nodes.LeaveAsync(nodes.Other);

        await SpacesByAsync(nodes.One, 3);

        static Task SpacesByAsync(InProcessNode node, int milliseconds) =>
            ClusterNode.UntilAsync(() => Task.FromResult(node.Watches.Spacing == TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Theory]
    [InlineData("OUTAGE_Watching__Detectors__0", "nobody robust-z", "Watching:Detectors names 'nobody', which the catalog does not hold.")]
    [InlineData("OUTAGE_Cluster__Name", "My Cluster", "OUTAGE_Cluster__Name in the environment is 'My Cluster'. Allowed: 1 to 40 lower-case letters, digits or hyphens.")]
    [InlineData("OUTAGE_Cluster__Address", "localhost", "OUTAGE_Cluster__Address in the environment is 'localhost'. Allowed: an IP address, such as 10.0.0.7.")]
    [InlineData("OUTAGE_Cluster__SiloPort", "0", "OUTAGE_Cluster__SiloPort in the environment is '0'. Allowed: a whole number from 1 to 65535.")]
    [InlineData("OUTAGE_Cluster__DrainSeconds", "6", "OUTAGE_Cluster__DrainSeconds in the environment is '6'. Allowed: a whole number from 0 to 5.")]
    [InlineData("OUTAGE_Cluster__SiloPrt", "11111", "OUTAGE_Cluster__SiloPrt in the environment is no setting. Did you mean Cluster:SiloPort?")]
    [InlineData("OUTAGE_Intake__SpacingMilliseconds", "101", "OUTAGE_Intake__SpacingMilliseconds in the environment is '101'. Allowed: a whole number from 0 to 100.")]
    public async Task A_setting_that_a_cluster_can_not_follow_stops_the_start(string name, string value, string says)
    {
        using var folder = new TemporaryFolder();

        var (code, output, errors) = await ProgramProcess.RunAsync(
            "Server", ["--urls", "http://127.0.0.1:0", "--data", folder.Path, "--storage", "redis"], new Dictionary<string, string> { [name] = value });

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(says, Assert.Single(errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }
}
