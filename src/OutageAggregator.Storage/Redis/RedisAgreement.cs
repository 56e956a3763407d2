namespace OutageAggregator.Storage.Redis;

/// <summary>What all processes over one Redis must have in common: the first one says it, the others hear it.</summary>
public sealed class RedisAgreement(RedisLink link)
{
    /// <summary>The name of what all clocks are: <see cref="MachineClock"/>, or a simulated one as it is written.</summary>
    public const string Clock = "clock";

    /// <summary>The name of when a simulated clock began.</summary>
    public const string ClockBegan = "clock-began";

    /// <summary>Every node goes by its machine's clock.</summary>
    public const string MachineClock = "machine";

    /// <summary>The name of what the reports are: <see cref="RealReports"/> or <see cref="MadeUpReports"/>.</summary>
    public const string Reports = "reports";

    /// <summary>People sent them.</summary>
    public const string RealReports = "real";

    /// <summary>A demo sent them.</summary>
    public const string MadeUpReports = "made up";

    /// <summary>The name of which node made a demo's history.</summary>
    public const string DemoMade = "demo-made";

    /// <summary>The name of which reporter key the nodes share, by its fingerprint.</summary>
    public const string ReporterKey = "reporter-key";

    /// <summary>Says it, unless somebody did before.</summary>
    /// <returns>What was said first.</returns>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<string> AgreeAsync(string name, string value, CancellationToken cancellation)
    {
        var key = link.Keys.Agreed(name);
        return await link.AskAsync(d => d.StringSetAsync(key, value, null, When.NotExists), cancellation)
            ? value
            : (string?)await link.AskAsync(d => d.StringGetAsync(key), cancellation) ?? value;
    }

    /// <summary>What was said first; null where nobody said anything.</summary>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<string?> RecallAsync(string name, CancellationToken cancellation) =>
        (string?)await link.AskAsync(d => d.StringGetAsync(link.Keys.Agreed(name)), cancellation);

    /// <summary>Says it, whatever was said before.</summary>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public Task SetAsync(string name, string value, CancellationToken cancellation) =>
        link.AskAsync(d => d.StringSetAsync(link.Keys.Agreed(name), value), cancellation);

    /// <summary>Says that something begins now, unless somebody did before.</summary>
    /// <returns>How long ago it began, by Redis' own time, to the millisecond.</returns>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<TimeSpan> BeginAsync(string name, CancellationToken cancellation) =>
        TimeSpan.FromMilliseconds((double)await link.RunAsync(RedisScript.Begin, [link.Keys.Agreed(name)], [], cancellation));

    /// <summary>True where there is a key with our prefix that is no lease.</summary>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public Task<bool> AnythingAsync(CancellationToken cancellation) =>
        link.AskAsync(database => FindAsync(database).AnyAsync(cancellation).AsTask(), cancellation);

    /// <summary>Removes every key with our prefix but leases and some agreements.</summary>
    /// <param name="spared">Names of the agreements that stay.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public Task EmptyAsync(IReadOnlyCollection<string> spared, CancellationToken cancellation)
    {
        var stay = spared.Select(link.Keys.Agreed).ToHashSet();
        return link.AskAsync(
            async database =>
            {
                await foreach (var key in FindAsync(database).Where(key => !stay.Contains(key)))
                    _ = await database.KeyDeleteAsync(key);
                return true;
            },
            cancellation);
    }

    // Of all servers that take writes; a replica holds nothing else. A lease is nothing that is kept.
    private IAsyncEnumerable<RedisKey> FindAsync(IDatabase database)
    {
        var leases = link.Keys.Lease("").ToString();
        return database.Multiplexer.GetServers().Where(s => s is { IsConnected: true, IsReplica: false }).ToAsyncEnumerable()
            .SelectMany(server => server.KeysAsync(database.Database, link.Keys.All, pageSize: 1_000))
            .Where(key => !key.ToString().StartsWith(leases, StringComparison.Ordinal));
    }
}
