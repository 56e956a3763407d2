using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using OutageAggregator.Redis;
using OutageAggregator.Runtime.Watching.Apart;
using StackExchange.Redis;

namespace OutageAggregator.Cluster;

/// <summary>
/// This node's silo: a host of its own inside the server's, so that Orleans keeps to the machine's clock whatever the product's clock shows, and stops
/// after everything that calls grains.
/// <para>
/// A node that is killed is noticed by the others: they probe each other every second, three missed probes and two votes (one, where only one other
/// is left) end it. Orleans' own values (five seconds, votes read every minute) need half a minute.
/// </para>
/// </summary>
internal sealed class Silo : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    private readonly IHost _host;

    public Silo(ClusterSettings cluster, RedisSettings redis, HostParts parts, ILoggerFactory logs)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.Name, cluster.Name))
            .ConfigureEndpoints(cluster.OwnAddress(), cluster.SiloPort, gatewayPort: 0, listenOnAnyHostAddress: false)
            .UseRedisClustering(options => options.ConfigurationOptions = Membership(redis))
            .Configure<ClusterMembershipOptions>(Watch)
            .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = GrainWatches.CallTimeout)
            .Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(15)));
        // The server's own, and not one that listens to signals, too.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, Led>());
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        builder.Services.AddSingleton(parts);
        _host = builder.Build();
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public Task StartAsync(CancellationToken cancellationToken) => _host.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _host.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    private static void Watch(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = s_probe;
        options.NumMissedProbesLimit = 3;
        options.TableRefreshTimeout = s_look;
        options.IAmAliveTablePublishTimeout = s_look;
        options.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }

    private static ConfigurationOptions Membership(RedisSettings redis)
    {
        var options = ConfigurationOptions.Parse(redis.Connection);
        options.AbortOnConnectFail = false;
        options.ClientName = "outage-aggregator-silo";
        return options;
    }

    /// <summary>Starts and stops when it is told to.</summary>
    private sealed class Led : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
