using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OutageAggregator.Cluster.Grains;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Redis;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests.Nodes;

/// <summary>One node's watches in this process, silo and stores and all, without its web server; its clock is the test's.</summary>
internal sealed class InProcessNode : IAsyncDisposable
{
    private static readonly ReporterKey s_key = ReporterKey.Ephemeral();

    private readonly IHost _host;

    private InProcessNode(IHost host) => _host = host;

    public GrainWatches Watches => _host.Services.GetRequiredService<GrainWatches>();

    public ICountStore Counts => _host.Services.GetRequiredService<ICountStore>();

    public IIncidentLog Log => _host.Services.GetRequiredService<IIncidentLog>();

    internal WatchGrains Grains => _host.Services.GetRequiredService<Silo>().Grains;

    /// <summary>How it uses Redis; may be changed while it runs.</summary>
    public RedisSettings Redis => _host.Services.GetRequiredService<RedisSettings>();

    public Membership Membership => _host.Services.GetRequiredService<Membership>();

    public Readiness Readiness => _host.Services.GetRequiredService<Readiness>();

    /// <summary>The port by which its silo is told from the others.</summary>
    public int SiloPort => ((SiloOfCluster)_host.Services.GetRequiredService<ISiloPlace>()).Port;

    /// <summary>Starts a node of the cluster with that name; nodes of one name over one Redis find each other.</summary>
    /// <param name="redis">Where counts and membership are, or what stands before it.</param>
    /// <param name="name">The cluster's name, and what its keys begin with.</param>
    /// <param name="catalog">The services.</param>
    /// <param name="clock">The product's clock.</param>
    public static async Task<InProcessNode> StartAsync(string redis, string name, Catalog catalog, TimeProvider clock)
    {
        var node = await BeginAsync(redis, name, catalog, clock, s_key, isTicking: false);
        await node._host.Services.GetRequiredService<Silo>().Joined;
        return node;
    }

    /// <summary>Starts a node with a reporter key of its own, and does not wait until it has joined.</summary>
    public static async Task<InProcessNode> BeginAsync(string redis, string name, Catalog catalog, TimeProvider clock, ReporterKey key, bool isTicking = true)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(new RedisSettings { Connection = RedisServer.Patient(redis), Prefix = name, HungMilliseconds = 60_000 });
        builder.Services.AddSingleton(new ClusterSettings { Name = name, Address = IPAddress.Loopback, SiloPort = Ports.Free() });
        builder.Services.AddSingleton(catalog);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(key);
        builder.Services.AddRedisStorage(static (_, _) => { });
        builder.Services.AddSiloOfCluster();
        // It looks at the clock when a test says so.
        if (!isTicking)
            _ = builder.Services.Remove(builder.Services.Last(s => s.ServiceType == typeof(IHostedService)));
        var node = new InProcessNode(builder.Build());
        await node._host.StartAsync();
        return node;
    }

    /// <summary>The silo port of the node on which a grain is, as the nodes themselves say (a directory may remember one that is gone); null where it is on none.</summary>
    public async Task<int?> PortOfAsync(IAddressable grain) =>
        Array.Find(await UntilAnsweredAsync(() => Grains.Others.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics()), s => s.GrainId == grain.GetGrainId())?.SiloAddress.Endpoint.Port;

    /// <summary>How many calls it made to the watches of regions.</summary>
    public long CountCalls()
    {
        var calls = 0L;
        // The node's own meter: other nodes are in this process, too.
        var meters = _host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "outage.grain.calls" && ReferenceEquals(instrument.Meter.Scope, meters))
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => calls += value);
        listener.Start();
        listener.RecordObservableInstruments();
        return calls;
    }

    /// <summary>How many nodes are in the cluster.</summary>
    public async Task<int> CountNodesAsync() => (await UntilAnsweredAsync(() => Grains.Others.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true))).Count;

    /// <summary>Looks at the clock, as a node does every few seconds: the watches on it close what is over.</summary>
    public Task LookAsync() => UntilAnsweredAsync(async () =>
    {
        await _host.Services.GetRequiredService<WatchTicker>().LookAsync(CancellationToken.None);
        return true;
    });

    /// <summary>Has the watch of a service look at the clock, whichever node it is on.</summary>
    public Task TickAsync(string service) => UntilAnsweredAsync(async () =>
    {
        await _host.Services.GetRequiredService<MinuteObserver>().LookAsync(CancellationToken.None);
        await Grains.Of(ServiceSlug.Parse(service)).TickAsync();
        return true;
    });

    // A call that a busy machine took more than five seconds for is made again. Each may be: it asks, or looks at a clock that stands still.
    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> ask)
    {
        T? answer = default;
        await ClusterNode.UntilAsync(async () =>
        {
            try
            {
                answer = await ask();
                return true;
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                return false;
            }
        });
        return answer!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
