using OutageAggregator.Contracts;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>The watches as grains of a cluster of one node over a real Redis: the contract of all hosts.</summary>
public sealed class GrainWatchHostTests : WatchHostContract, IAsyncLifetime
{
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    protected override async Task<WatchHost> StartAsync()
    {
        var node = await InProcessNode.StartAsync(_redis.Address, "contract", Catalog, Clock);
        return new WatchHost(node.Watches, node.Counts, node.Log, () => node.TickAsync("chatgpt"), node.DisposeAsync);
    }
}

/// <summary>The same on a cluster of two: some of the grains are on the other node.</summary>
public sealed class TwoNodesWatchHostTests : WatchHostContract, IAsyncLifetime
{
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    protected override async Task<WatchHost> StartAsync()
    {
        var one = await InProcessNode.StartAsync(_redis.Address, "contract", Catalog, Clock);
        var other = await InProcessNode.StartAsync(_redis.Address, "contract", Catalog, Clock);
        return new WatchHost(one.Watches, other.Counts, other.Log, () => other.TickAsync("chatgpt"), async () =>
        {
            await one.DisposeAsync();
            await other.DisposeAsync();
        });
    }
}
