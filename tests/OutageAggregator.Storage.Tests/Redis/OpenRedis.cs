using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Redis.Counts;
using OutageAggregator.Storage.Redis.Incidents;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>Both stores over one connection, as one process has them.</summary>
internal sealed class OpenRedis : IAsyncDisposable
{
    private readonly List<string?> _told = [];

    public OpenRedis(RedisSettings settings)
    {
        Settings = settings;
        Link = new RedisLink(settings, why =>
        {
            lock (_told)
                _told.Add(why);
        });
        Log = new RedisIncidentLog(Link);
        Counts = new RedisCountStore(Link, Log);
    }

    public RedisSettings Settings { get; }

    public RedisLink Link { get; }

    public RedisIncidentLog Log { get; }

    public RedisCountStore Counts { get; }

    /// <summary>What operators were told, in order; null where calls succeed again.</summary>
    public IReadOnlyList<string?> Told
    {
        get
        {
            lock (_told)
                return [.. _told];
        }
    }

    public async ValueTask DisposeAsync()
    {
        Log.Dispose();
        await Link.DisposeAsync();
    }
}
