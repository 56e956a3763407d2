using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Tls;

namespace OutageAggregator.Cluster;

/// <summary>
/// A silo of a cluster over Redis. A node that is killed or hangs is noticed by the others: they probe each other every second, and three
/// missed probes and two votes (one, where only one other is left) end it. Nobody votes against a node that has sent anything within the
/// time that three probes may take at most, 3.75 seconds: a node on a busy machine answers late and goes on sending. Orleans' own values
/// need half a minute, and shorten the time for a probe where answers come quickly, which is just before a machine gets busy.
/// </summary>
internal sealed class SiloOfCluster : ISiloPlace
{
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestProbe = TimeSpan.FromSeconds(1.25);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    // Bounds the calls that the grain of a hot service gets from each node, and those that Redis gets when it comes back: at 3 ms three
    // nodes whose Redis had been away failed for 16 s instead of 7. A node that is alone need only spare Redis.
    private static readonly TimeSpan s_spacing = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_spacingAlone = TimeSpan.FromMilliseconds(3);

    private readonly ClusterSettings _cluster;
    private readonly RedisSettings _redis;
    private readonly Membership _membership;
    private readonly SiloTls? _tls;
    private IPEndPoint _address;

    /// <exception cref="CertificateException">The files of its certificates can't be used.</exception>
    public SiloOfCluster(ClusterSettings cluster, RedisSettings redis, Membership membership, ILogger<SiloTls> logger)
    {
        (_cluster, _redis, _membership) = (cluster, redis, membership);
        _tls = cluster.Tls.IsUsed ? new SiloTls(cluster.Tls, logger) : null;
        _address = new IPEndPoint(cluster.Address ?? IPAddress.Loopback, cluster.SiloPort ?? ClusterSettings.DefaultSiloPort);
    }

    public TimeSpan CallTimeout => GrainWatches.CallTimeout;

    // Less than a call may take. When the node that held the place of a service's watch in the directory is lost, Orleans ends the watch, but
    // not before its look at the clock is over, and joins wait until then. A look that waits for a region which waits to join would keep
    // both for as long as a call may take.
    public TimeSpan RegionPatience { get; } = TimeSpan.FromSeconds(2);

    public string Joined => _cluster.Address is null
        ? $"Joined the cluster {_cluster.Name} as {_address}: only nodes of this machine can reach it. Cluster:Address names an address for others"
        : $"Joined the cluster {_cluster.Name} as {_address}";

    /// <summary>The port at which the other nodes reach this one.</summary>
    internal int Port => _address.Port;

    // Two installations in one Redis are two clusters, also where nobody gave them names.
    private string Id => $"{_redis.Prefix}-{_cluster.Name}";

    public TimeSpan SpacingOf(bool hasOthers) => hasOthers ? s_spacing : s_spacingAlone;

    public void Configure(ISiloBuilder silo)
    {
        // Anew with each attempt: somebody else may have taken it meanwhile.
        if (_cluster is { Address: null, SiloPort: null })
            _address = new IPEndPoint(IPAddress.Loopback, FreePort());
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Id, Id))
            .ConfigureEndpoints(_address.Address, _address.Port, gatewayPort: 0, listenOnAnyHostAddress: false)
            .UseRedisClustering(options => options.ConfigurationOptions = RedisConnection.OptionsOf(_redis, "outage-aggregator-silo"))
            .Configure<ClusterMembershipOptions>(Watch);
        _tls?.Configure(silo);
    }

    public Task<string?> WhyNotAsync(CancellationToken cancellation) => _membership.WhyNotAsync(cancellation);

    public Task<bool> IsForgottenAsync(CancellationToken cancellation) => _membership.IsForgottenAsync(cancellation);

    private static void Watch(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = s_probe;
        (options.MinProbeTimeout, options.MaxProbeTimeout) = (s_probe, s_longestProbe);
        options.NumMissedProbesLimit = 3;
        options.TableRefreshTimeout = s_look;
        options.IAmAliveTablePublishTimeout = s_look;
        options.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
