namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// Which services were reported and when last: one sorted set, slug -> minute, so a question about all services never asks each of them.
/// It lies in another slot than their counts and can't be written by the same script, so it is written first: a process that dies in
/// between leaves an entry too many, never one too few. Each process writes a service once a minute, and again whenever the connection
/// was lost.
/// <para>
/// Earlier versions kept a set of slugs instead. What stands in it moves here before the first question is answered.
/// </para>
/// </summary>
internal sealed class ReportedServices(RedisLink link)
{
    private readonly ConcurrentDictionary<ServiceSlug, Noted> _noted = new();
    private readonly ConcurrentDictionary<uint, ServiceSlug[]> _byHash = new();
    private volatile bool _isMoved;

    /// <summary>Notes that a service is about to be reported; nothing may be counted before this has completed.</summary>
    /// <param name="minute">The later one of the minute that goes on and the newest one that is spoken of.</param>
    /// <param name="isForgotten">True where Redis has lost what was noted in this minute.</param>
    public async Task NoteAsync(ServiceSlug service, Minute minute, bool isForgotten = false)
    {
        var generation = link.Generation;
        if (!isForgotten && _noted.TryGetValue(service, out var noted) && noted.Minute >= minute && noted.Generation == generation)
            return;
        _ = await link.AskAsync(
            d => d.SortedSetAddAsync(link.Keys.Reported, service.ToString(), minute.Number, SortedSetWhen.GreaterThan),
            CancellationToken.None);
        _noted[service] = new Noted(minute, generation);
        Learn(service);
    }

    /// <summary>Services that were reported since a minute, in slug order.</summary>
    public async Task<IReadOnlyList<ServiceSlug>> ReadSinceAsync(Minute from, CancellationToken cancellation)
    {
        await MoveAsync(cancellation);
        var found = await link.AskAsync(d => d.SortedSetRangeByScoreAsync(link.Keys.Reported, from.Number), cancellation);
        return [.. found.Select(m => ServiceSlug.Parse(m.ToString())).Order()];
    }

    /// <summary>The services a batch may be of, as far as this process has met them; none where its id does not tell.</summary>
    public IReadOnlyList<ServiceSlug> Known(BatchId id) => id.ServiceHash is { } hash ? _byHash.GetValueOrDefault(hash, []) : [];

    /// <summary>All services a batch may be of: one as a rule, every one where its id does not tell.</summary>
    public async Task<IReadOnlyList<ServiceSlug>> ReadCandidatesAsync(BatchId id, CancellationToken cancellation)
    {
        var services = await ReadSinceAsync(new Minute(int.MinValue), cancellation);
        foreach (var service in services)
            Learn(service);
        return [.. services.Where(id.MayBeOf)];
    }

    private void Learn(ServiceSlug service) => _ = _byHash.AddOrUpdate(
        BatchId.HashOf(service), _ => [service], (_, known) => known.Contains(service) ? known : [.. known, service]);

    // Taken out of the set only once they are here: whoever dies in between leaves the rest to the next one.
    private async Task MoveAsync(CancellationToken cancellation)
    {
        while (!_isMoved)
        {
            var services = await link.AskAsync(d => d.SetRandomMembersAsync(link.Keys.FormerServices, link.CallsAtOnce), cancellation);
            _isMoved = services.Length == 0;
            if (_isMoved)
                return;
            var newest = await Task.WhenAll(services.Select(async service =>
            {
                var regions = link.Keys.Regions(ServiceSlug.Parse(service.ToString()));
                var minutes = await link.AskAsync(d => d.HashValuesAsync(regions), cancellation);
                return new SortedSetEntry(service, minutes.Select(m => (int)m).DefaultIfEmpty(int.MinValue).Max());
            }));
            _ = await link.AskAsync(d => d.SortedSetAddAsync(link.Keys.Reported, newest, SortedSetWhen.GreaterThan), cancellation);
            _ = await link.AskAsync(d => d.SetRemoveAsync(link.Keys.FormerServices, services), cancellation);
        }
    }

    private readonly record struct Noted(Minute Minute, int Generation);
}
