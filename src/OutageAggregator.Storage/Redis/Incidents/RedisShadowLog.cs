using OutageAggregator.Storage.Redis.Client;

namespace OutageAggregator.Storage.Redis.Incidents;

/// <summary>
/// The shadow log in Redis: an incident log under a name of its own, and a list with an entry for each time the candidate changed
/// (instant in ms, tab, name).
/// </summary>
public sealed class RedisShadowLog(RedisLink link) : IShadowLog, IDisposable
{
    private const string Name = "shadow";

    private readonly RedisIncidentLog _incidents = new(link, Name);

    public IIncidentLog Incidents => _incidents;

    public async Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Of a list without an entry nothing is noted, as if it said that no candidate runs.
        return Read((string?)await link.RunAsync(
            RedisScript.Newest, [link.Keys.Runs(Name)], [now.ToUnixTimeMilliseconds(), detector ?? "", ""], CancellationToken.None));
    }

    public async Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation) =>
        Read((string?)await link.AskAsync(d => d.ListGetByIndexAsync(link.Keys.Runs(Name), -1), cancellation));

    public void Dispose() => _incidents.Dispose();

    private static ShadowRun? Read(string? entry) => entry?.Split('\t') is [var since, { Length: > 0 } detector]
        ? new ShadowRun(detector, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(since)))
        : null;
}
