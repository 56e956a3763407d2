using OutageAggregator.Storage;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests;

/// <summary>Watches that were lost with their node, and watches that went because all was quiet.</summary>
public sealed class WakingTests
{
    [Fact]
    public async Task An_open_incident_is_watched_by_the_other_node_when_its_node_leaves_without_any_report()
    {
        await using var nodes = await TwoNodes.StartAsync();
        await nodes.PassAsync(nodes.One, 30, people: 0);
        await nodes.PassAsync(nodes.One, 5, people: 100);
        Assert.Equal(IncidentState.Open, (await TwoNodes.OnlyIncidentAsync(nodes.One)).State);
        var (host, other) = await nodes.HostOfAsync(TwoNodes.GrainOf(nodes.One, TwoNodes.Service));
        await nodes.LeaveAsync(host);
        var watch = TwoNodes.GrainOf(other, TwoNodes.Service);

        await ClusterNode.UntilAsync(async () => await AskedAsync(async () =>
        {
            await other.LookAsync();
            return await other.PortOfAsync(watch) == other.SiloPort;
        }));

        for (var minute = 0; minute < 60; minute++)
        {
            nodes.Clock.Advance(TimeSpan.FromMinutes(1));
            await other.LookAsync();
        }
        Assert.Equal(IncidentState.Resolved, (await TwoNodes.OnlyIncidentAsync(other)).State);
        Assert.Single((await other.Log.ReadAsync(0, 100, TwoNodes.None)), e => e.Event.Kind == IncidentEventKind.Opened);
    }

    // A grain that was on the node that left may be asked too early.
    private static async Task<T?> AskedAsync<T>(Func<Task<T>> ask)
    {
        T? answer = default;
        await ClusterNode.UntilAsync(async () =>
        {
            try
            {
                answer = await ask();
                return true;
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
            {
                return false;
            }
        });
        return answer;
    }
}
