using OutageAggregator.Contracts;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Windows;
using OutageAggregator.Redis.Counts;
using OutageAggregator.Redis.Incidents;

namespace OutageAggregator.Redis.Tests;

public sealed class RedisCountStoreTests(SharedRedis redis) : CountStoreContract
{
    private RedisLink? _link;

    public override async ValueTask DisposeAsync()
    {
        if (_link is not null)
            await _link.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ValueTask<ICountStore> OpenAsync()
    {
        _link = new RedisLink(redis.Settings());
        return new(new RedisCountStore(_link));
    }
}

public sealed class RedisIncidentLogTests(SharedRedis redis) : IncidentLogContract
{
    private RedisLink? _link;
    private RedisIncidentLog? _log;

    public override async ValueTask DisposeAsync()
    {
        _log?.Dispose();
        if (_link is not null)
            await _link.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ValueTask<IIncidentLog> OpenAsync()
    {
        _link = new RedisLink(redis.Settings());
        return new(_log = new RedisIncidentLog(_link));
    }
}
