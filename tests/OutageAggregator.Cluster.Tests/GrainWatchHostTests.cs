using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OutageAggregator.Contracts;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>The watches as grains of a silo of one, over memory, which outlives it within a test.</summary>
public sealed class SiloOfOneWatchHostTests : WatchHostContract
{
    private readonly MemoryCountStore _counts = new();
    private readonly MemoryIncidentLog _log = new();

    protected override async Task<WatchHost> StartAsync()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(Catalog).AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<ICountStore>(_counts).AddSingleton<IIncidentLog>(_log).AddSingleton<IShadowLog, MemoryShadowLog>();
        builder.Services.AddSiloOfOne();
        _ = builder.Services.Remove(builder.Services.Last(s => s.ServiceType == typeof(IHostedService)));
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<Silo>().Joined;
        var ticker = host.Services.GetRequiredService<WatchTicker>();
        await ticker.LookAsync(CancellationToken.None);
        return new WatchHost(host.Services.GetRequiredService<GrainWatches>(), _counts, _log, () => ticker.LookAsync(CancellationToken.None), async () =>
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        });
    }
}

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
