using OutageAggregator.Storage.Redis.Client;
using StackExchange.Redis;

namespace OutageAggregator.Storage.Redis.Incidents;

/// <summary>
/// The shadow log in Redis: an incident log under a name of its own, and a list with an entry for each time the candidate changed
/// (instant in ms, tab, name).
/// </summary>
public sealed class RedisShadowLog : IShadowLog, IDisposable
{
    private const string Name = "shadow";

    private readonly RedisLink _link;
    private readonly RedisKey _runs;
    private readonly RedisIncidentLog _incidents;

    public RedisShadowLog(RedisLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _link = link;
        _runs = new RedisKeys(link.Settings.Prefix).Runs(Name);
        _incidents = new RedisIncidentLog(link, Name);
    }

    public IIncidentLog Incidents => _incidents;

    public async Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Of a list without an entry nothing is noted, as if it said that no candidate runs.
        var entry = (string?)await _link.RunAsync(
            RedisScript.Newest, [_runs], [now.ToUnixTimeMilliseconds(), detector ?? "", ""], CancellationToken.None);
        return Read(entry);
    }

    public async Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation) =>
        Read((string?)await _link.AskAsync(d => d.ListGetByIndexAsync(_runs, -1), cancellation));

    public void Dispose() => _incidents.Dispose();

    private static ShadowRun? Read(string? entry) => entry?.Split('\t') is [var since, { Length: > 0 } detector]
        ? new ShadowRun(detector, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(since, CultureInfo.InvariantCulture)))
        : null;
}
