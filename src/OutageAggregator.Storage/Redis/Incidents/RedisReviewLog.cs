namespace OutageAggregator.Storage.Redis.Incidents;

/// <summary>
/// Reviews in Redis: a list an incident, the newest last, of lines <c>instant in ms, verdict, name of the key, reason</c> with tabs
/// between them. Neither a reason nor the name of a key holds one.
/// </summary>
public sealed class RedisReviewLog(RedisLink link) : IReviewLog
{
    public async Task<Review> AppendAsync(Review review, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var said = $"{(int)review.Verdict}\t{review.KeyName}\t{review.Reason}";
        var entry = (string?)await link.RunAsync(
            RedisScript.Newest, [link.Keys.Reviews(review.Incident)], [review.At.ToUnixTimeMilliseconds(), said], CancellationToken.None);
        return Read(review.Incident, entry);
    }

    public async Task<IReadOnlyList<Review>> ReadNewestAsync(IReadOnlyCollection<IncidentId> incidents, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(incidents.Count, IReviewLog.MaxIncidents, nameof(incidents));
        return [.. (await Task.WhenAll(incidents.Select(id => ReadAsync(id, 1, cancellation)))).SelectMany(newest => newest)];
    }

    public async Task<IReadOnlyList<Review>> ReadAsync(IncidentId incident, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 1000));
        var entries = await link.AskAsync(d => d.ListRangeAsync(link.Keys.Reviews(incident), -limit, -1), cancellation);
        return [.. entries.Reverse().Select(e => Read(incident, e.ToString()))];
    }

    private static Review Read(IncidentId id, string? entry)
    {
        try
        {
            return entry?.Split('\t') is [var at, var verdict, var key, var reason]
                ? new Review(id, (ReviewVerdict)byte.Parse(verdict), reason, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at)), key)
                : throw new InvalidDataException($"A stored review of {id} is damaged.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"A stored review of {id} is damaged: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
