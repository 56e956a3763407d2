using OutageAggregator.Contracts;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.TestKit.Redis;

[assembly: AssemblyFixture(typeof(OutageAggregator.Storage.Tests.Redis.SharedRedisCluster))]

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>Three masters that share the slots, so that a script or a call that touches keys of two slots fails.</summary>
public sealed class SharedRedisCluster : IAsyncLifetime
{
    private const int Slots = 16_384;
    private readonly List<RedisServer> _masters = [];

    public IReadOnlyList<RedisServer> Masters
    {
        get
        {
            RedisServer.SkipWhereMissing();
            return _masters;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!RedisServer.IsThere)
            return;
        for (var i = 0; i < 3; i++)
        {
            var master = await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-node-timeout", "60000");
            _masters.Add(master);
            var (first, last) = (Slots * i / 3, (Slots * (i + 1) / 3) - 1);
            Assert.Equal("+OK", await master.SayAsync(string.Create(CultureInfo.InvariantCulture, $"CLUSTER ADDSLOTSRANGE {first} {last}")));
            Assert.Equal("+OK", await master.SayAsync(string.Create(CultureInfo.InvariantCulture, $"CLUSTER MEET 127.0.0.1 {_masters[0].Port}")));
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        foreach (var master in _masters)
        {
            while (!(await master.TellAsync("CLUSTER INFO")).Contains("cluster_state:ok", StringComparison.Ordinal)
                || !(await master.TellAsync("CLUSTER INFO")).Contains("cluster_known_nodes:3", StringComparison.Ordinal))
            {
                await look.WaitForNextTickAsync(patience.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var master in _masters)
            await master.DisposeAsync();
    }

    /// <summary>Settings of an empty installation that name one master: the client finds the others.</summary>
    internal RedisSettings Settings(SharedRedis redis)
    {
        var settings = redis.Settings();
        settings.Connection = Masters[0].Address;
        return settings;
    }
}

public sealed class RedisClusterCountStoreTests(SharedRedisCluster cluster, SharedRedis redis) : CountStoreContract
{
    private OpenRedis? _open;

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ValueTask<ICountStore> OpenAsync()
    {
        _open = new OpenRedis(cluster.Settings(redis));
        return new(_open.Counts);
    }

    [Fact]
    public async Task Services_lie_on_different_masters()
    {
        string[] services = ["chatgpt", "claude", "zoom", "github", "netflix", "paypal", "steam", "x", "whatsapp", "spotify", "tiktok", "reddit"];
        foreach (var service in services)
            await Append(new(Core.Services.ServiceSlug.Parse(service), Italy), Noon, Down(1));

        Assert.Equal(services.Order(StringComparer.Ordinal), (await Store.ReadServicesAsync(NoonAnd(0), NoonAnd(1), None)).Select(s => s.Service.ToString()));
        foreach (var master in cluster.Masters)
            Assert.NotEqual("*0", await master.SayAsync("KEYS *:regions"));
    }
}

public sealed class RedisClusterIncidentLogTests(SharedRedisCluster cluster, SharedRedis redis) : IncidentLogContract
{
    private OpenRedis? _open;

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ValueTask<IIncidentLog> OpenAsync()
    {
        _open = new OpenRedis(cluster.Settings(redis));
        return new(_open.Log);
    }
}
