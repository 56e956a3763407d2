using OutageAggregator.Storage.Redis.Incidents;

namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// Takes the time to live from the minutes and reporters of incidents, from an hour before the onset to an hour after the end, in all
/// regions, so that their pages show in years what they show today. It goes over the last two days once an hour, and minutes live for six
/// at least: what a process that was down or a late report left out is found the next time, and doing it twice is doing it once.
/// </summary>
internal sealed class IncidentMinutes(RedisLink link, RedisIncidentLog log)
{
    private const int LookBack = 2 * Minute.PerDay;
    private const int MostIncidents = 1_000;
    private const int KeysACall = 256;

    // The hour in which it was done last, on the callers' clock.
    private int _doneIn = int.MinValue;

    /// <exception cref="StoreUnavailableException">It is done with the next call.</exception>
    public async Task KeepWhenDueAsync(Minute now, CancellationToken cancellation)
    {
        var hour = HourCells.HourOf(now);
        if (Volatile.Read(ref _doneIn) == hour)
            return;
        foreach (var incident in await log.FindAsync(new IncidentQuery(From: now - LookBack, Limit: MostIncidents), cancellation))
            await KeepAsync(incident, now, cancellation);
        Volatile.Write(ref _doneIn, hour);
    }

    private async Task KeepAsync(Incident incident, Minute now, CancellationToken cancellation)
    {
        var first = HourCells.HourOf(Minute.Max(incident.StartedAt, now - LookBack)) - 1;
        var last = HourCells.HourOf(Minute.Min(incident.EndedAt ?? now, now)) + 1;
        var regions = await StoredCounts.ReadRegionsAsync(link, new WatchKey(incident.Service, Region.World), cancellation);
        var kept = regions.SelectMany(r => Enumerable.Range(first, Math.Max(0, last + 1 - first)).SelectMany(
            hour => KeysOf(new WatchKey(incident.Service, r.Region), hour)));
        foreach (var piece in kept.Chunk(KeysACall))
            _ = await Task.WhenAll(piece.Select(key => link.AskAsync(d => d.KeyPersistAsync(key), cancellation)));
    }

    private IEnumerable<RedisKey> KeysOf(WatchKey key, int hour) =>
    [
        link.Keys.Minutes(key, hour),
        .. Enumerable.Range(hour * 4, 4).SelectMany(q => (RedisKey[])[link.Keys.Reporters(key, q), link.Keys.HyperLogLog(key, q)]),
    ];
}
