namespace OutageAggregator.Storage.Redis.Incidents;

/// <summary>Cursors in Redis: one sorted set, whose scores are positions and can be kept from falling by the command that sets them.</summary>
public sealed class RedisCursorStore(RedisLink link) : ICursorStore
{
    public async Task<long?> ReadAsync(string consumer, CancellationToken cancellation) =>
        (long?)await link.AskAsync(d => d.SortedSetScoreAsync(link.Keys.Cursors, consumer), cancellation);

    public Task SaveAsync(string consumer, long position, CancellationToken cancellation) =>
        link.AskAsync(d => d.SortedSetAddAsync(link.Keys.Cursors, consumer, position, SortedSetWhen.GreaterThan), cancellation);
}
