using OutageAggregator.Contracts;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests.Nodes;

/// <summary>A cluster of two nodes in this process over a Redis of its own, on a clock that stands at a whole minute until it is moved.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    public static readonly CancellationToken None = CancellationToken.None;
    public static readonly ServiceSlug Service = ServiceSlug.Parse("chatgpt");

    private readonly List<InProcessNode> _running = [];
    private int _people;
    private int _batches;

    public static Catalog Catalog { get; } = new(
        [new Category("all", "All")],
        [.. new[] { "chatgpt", "claude", "github" }.Select(s => new Service(ServiceSlug.Parse(s), s, "all", [], null, "America/Los_Angeles", null))]);

    public RedisServer Redis { get; private init; } = null!;

    /// <summary>The nodes' way to it, where they don't go straight.</summary>
    public SlowRedis? Way { get; private init; }

    public ManualClock Clock { get; } = new(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero));

    public Minute Now => Minute.Of(Clock.GetUtcNow());

    public InProcessNode One => _running[0];

    public InProcessNode Other => _running[1];

    public static async Task<TwoNodes> StartAsync(bool byAWay = false)
    {
        var redis = await RedisServer.StartAsync();
        var nodes = new TwoNodes { Redis = redis, Way = byAWay ? new SlowRedis(redis) : null };
        for (var i = 0; i < 2; i++)
            nodes._running.Add(await InProcessNode.StartAsync(nodes.Way?.Address ?? redis.Address, "two", Catalog, nodes.Clock));
        return nodes;
    }

    /// <summary>The node that a grain is on, and the one that it is not on.</summary>
    public async Task<(InProcessNode Host, InProcessNode Without)> HostOfAsync(IGrain grain) =>
        await One.PortOfAsync(grain) == One.SiloPort ? (One, Other) : (Other, One);

    /// <summary>A region of the service with a watch on that node, which it gets by a first report.</summary>
    public async Task<WatchKey> WatchOnAsync(InProcessNode node)
    {
        foreach (var region in Region.Countries)
        {
            var key = new WatchKey(Service, region);
            _ = await node.Watches.RecordAsync(Batch(key, 1), None);
            if ((await HostOfAsync(GrainOf(node, key))).Host == node)
                return key;
        }
        throw new InvalidOperationException("All regions are watched by the other node.");
    }

    public static IGrain GrainOf(InProcessNode node, WatchKey key) => node.Grains.Of(key);

    public static IGrain GrainOf(InProcessNode node, ServiceSlug service) => node.Grains.Of(service);

    /// <summary>One node leaves for good.</summary>
    public async Task LeaveAsync(InProcessNode node)
    {
        await node.DisposeAsync();
        _ = _running.Remove(node);
    }

    /// <summary>So many new people report just now.</summary>
    public ReportBatch Batch(WatchKey key, int people)
    {
        var cell = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Web);
        var batch = (uint)Interlocked.Increment(ref _batches);
        return new ReportBatch(
            new BatchId((UInt128)batch << 64), key, Clock.GetUtcNow(),
            [.. Enumerable.Range(0, people).Select(_ => new Report(new Reporter(1, (ulong)Interlocked.Increment(ref _people)), cell, Now))]);
    }

    /// <summary>Minutes pass in which so many people report each, and the service is looked at.</summary>
    public async Task PassAsync(InProcessNode node, int minutes, int people)
    {
        for (var i = 0; i < minutes; i++)
        {
            if (people > 0)
                _ = await node.Watches.RecordAsync(Batch(new WatchKey(Service, Region.Parse("IT")), people), None);
            Clock.Advance(TimeSpan.FromMinutes(1));
            await node.TickAsync(Service.ToString());
        }
    }

    /// <summary>All nodes look at the clock.</summary>
    public Task LookAsync() => Task.WhenAll(_running.Select(n => n.LookAsync()));

    /// <summary>Minutes pass in which all is observed and nothing happens; nobody is asked to look.</summary>
    public async Task PassQuietlyAsync(InProcessNode node, int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            await node.Counts.ObserveAsync(Clock.GetUtcNow(), None);
        }
    }

    /// <summary>All reports of a region in the last hours.</summary>
    public async Task<int> CountAsync(InProcessNode node, WatchKey key) =>
        (await node.Counts.ReadSeriesAsync(key, Now - 600, Now + 10, 1, default, None)).Sum(p => p.Counts.Reports);

    public static async Task<Incident> OnlyIncidentAsync(InProcessNode node) => Assert.Single(await node.Log.FindAsync(new IncidentQuery(), None));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _running.ToImmutableArray())
            await node.DisposeAsync();
        if (Way is { } way)
            await way.DisposeAsync();
        if (Redis is { } redis)
            await redis.DisposeAsync();
    }
}
