namespace OutageAggregator.Storage.Sqlite;

/// <summary>Reviews in SQLite: a row each, in the order in which they were given; appends share the commits of the counts.</summary>
public sealed class SqliteReviewLog(SqliteStorage storage) : IReviewLog
{
    private const string Newest =
        "SELECT verdict, reason, reviewed_at, key_name FROM reviews WHERE service = ? AND incident = ? ORDER BY position DESC LIMIT ?";

    public Task<Review> AppendAsync(Review review, CancellationToken cancellation) =>
        storage.WriteAsync(connection => Append(connection, review), cancellation);

    public Task<IReadOnlyList<Review>> ReadNewestAsync(IReadOnlyCollection<IncidentId> incidents, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(incidents.Count, IReviewLog.MaxIncidents, nameof(incidents));
        return storage.ReadAsync<IReadOnlyList<Review>>(c => [.. incidents.SelectMany(id => Read(c, id, 1))], cancellation);
    }

    public Task<IReadOnlyList<Review>> ReadAsync(IncidentId incident, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 1000));
        return storage.ReadAsync<IReadOnlyList<Review>>(connection => Read(connection, incident, limit), cancellation);
    }

    // On the writer's thread, in its transaction: nobody appends between the look and the row.
    private static Review Append(Connection connection, Review review)
    {
        if (Read(connection, review.Incident, 1) is [var newest] && review.Repeats(newest))
            return newest;
        connection.Prepare("INSERT INTO reviews (service, incident, verdict, reason, reviewed_at, key_name) VALUES (?, ?, ?, ?, ?, ?)")
            .With(review.Incident.Service.ToString()).With(review.Incident.Number).With((long)review.Verdict)
            .With(review.Reason).With(review.At.ToUnixTimeMilliseconds()).With(review.KeyName).Run();
        return review;
    }

    private static List<Review> Read(Connection connection, IncidentId id, int limit) =>
        connection.Prepare(Newest).With(id.Service.ToString()).With(id.Number).With(limit).All(row => Restore(id, row));

    private static Review Restore(IncidentId id, Statement row)
    {
        try
        {
            return new Review(id, (ReviewVerdict)row.Integer(0), row.Text(1), row.Instant(2), row.Text(3));
        }
        catch (ArgumentException e)
        {
            // Not what this program wrote: the store says so as it does of every damaged row.
            throw new InvalidDataException($"a review of {id} is none: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
