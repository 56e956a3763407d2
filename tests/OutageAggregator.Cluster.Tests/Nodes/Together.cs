using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests.Nodes;

/// <summary>Nodes that end together, and tell what they logged as failures of their own.</summary>
internal sealed class Together(IReadOnlyList<ClusterNode> nodes, ITestOutputHelper output) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
            foreach (var fault in node.Faults)
                output.WriteLine(fault);
        }
    }
}
