using OutageAggregator.Contracts;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Redis.Tests;

public sealed class RedisCountStoreTests(SharedRedis redis) : CountStoreContract
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
        _open = new OpenRedis(redis.Settings());
        return new(_open.Counts);
    }
}

public sealed class RedisIncidentLogTests(SharedRedis redis) : IncidentLogContract
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
        _open = new OpenRedis(redis.Settings());
        return new(_open.Log);
    }
}
