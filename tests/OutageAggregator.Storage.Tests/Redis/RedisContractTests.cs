using OutageAggregator.Contracts;
using OutageAggregator.Storage.Redis.Incidents;

namespace OutageAggregator.Storage.Tests.Redis;

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

public sealed class RedisReviewLogTests(SharedRedis redis) : ReviewLogContract
{
    private OpenRedis? _open;

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ValueTask<IReviewLog> OpenAsync()
    {
        _open = new OpenRedis(redis.Settings());
        return new(new RedisReviewLog(_open.Link));
    }
}

public sealed class RedisCursorStoreTests(SharedRedis redis) : CursorStoreContract
{
    private OpenRedis? _open;

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ValueTask<ICursorStore> OpenAsync()
    {
        _open = new OpenRedis(redis.Settings());
        return new(new RedisCursorStore(_open.Link));
    }
}

public sealed class RedisShadowLogTests(SharedRedis redis) : ShadowLogContract, IAsyncDisposable
{
    private readonly List<RedisShadowLog> _shadows = [];
    private OpenRedis? _open;

    public async ValueTask DisposeAsync()
    {
        foreach (var shadow in _shadows)
            shadow.Dispose();
        if (_open is not null)
            await _open.DisposeAsync();
    }

    protected override ValueTask<(IIncidentLog Public, IShadowLog Shadow)> OpenAsync()
    {
        _open ??= new OpenRedis(redis.Settings());
        _shadows.Add(new RedisShadowLog(_open.Link));
        return new((_open.Log, _shadows[^1]));
    }
}
