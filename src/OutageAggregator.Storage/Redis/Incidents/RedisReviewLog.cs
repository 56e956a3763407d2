using OutageAggregator.Storage.Redis.Client;

namespace OutageAggregator.Storage.Redis.Incidents;

/// <summary>
/// Reviews in Redis: a list an incident, the newest last, of lines <c>instant in ms, verdict, name of the key, reason</c> with tabs
/// between them. Neither a reason nor the name of a key holds one.
/// </summary>
public sealed class RedisReviewLog : IReviewLog
{
    private readonly RedisLink _link;
    private readonly RedisKeys _keys;

    public RedisReviewLog(RedisLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _link = link;
        _keys = new RedisKeys(link.Settings.Prefix);
    }

    public async Task<Review> AppendAsync(Review review, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(review);
        cancellation.ThrowIfCancellationRequested();
        var said = string.Create(CultureInfo.InvariantCulture, $"{(int)review.Verdict}\t{review.KeyName}\t{review.Reason}");
        var entry = (string?)await _link.RunAsync(
            RedisScript.Newest, [_keys.Reviews(review.Incident)], [review.At.ToUnixTimeMilliseconds(), said], CancellationToken.None);
        return Read(review.Incident, entry);
    }

    public async Task<IReadOnlyList<Review>> ReadNewestAsync(IReadOnlyCollection<IncidentId> incidents, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(incidents.Count, IReviewLog.MaxIncidents, nameof(incidents));
        var found = await Task.WhenAll(incidents.Select(async id =>
            (Id: id, Entry: (string?)await _link.AskAsync(d => d.ListGetByIndexAsync(_keys.Reviews(id), -1), cancellation))));
        return [.. found.Where(f => f.Entry is not null).Select(f => Read(f.Id, f.Entry))];
    }

    public async Task<IReadOnlyList<Review>> ReadAsync(IncidentId incident, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 1000));
        var entries = await _link.AskAsync(d => d.ListRangeAsync(_keys.Reviews(incident), -limit, -1), cancellation);
        return [.. entries.Reverse().Select(e => Read(incident, e.ToString()))];
    }

    private static Review Read(IncidentId id, string? entry)
    {
        try
        {
            return entry?.Split('\t') is [var at, var verdict, var key, var reason]
                ? new Review(
                    id, (ReviewVerdict)byte.Parse(verdict, CultureInfo.InvariantCulture), reason,
                    DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), key)
                : throw new InvalidDataException($"A stored review of {id} is damaged.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"A stored review of {id} is damaged: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
