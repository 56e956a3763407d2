namespace OutageAggregator.Storage.Memory;

/// <summary>Reviews in memory, for tests and trials: they survive nothing.</summary>
public sealed class MemoryReviewLog : IReviewLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IncidentId, List<Review>> _reviews = [];

    public Task<Review> AppendAsync(Review review, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_reviews.TryGetValue(review.Incident, out var reviews))
                _reviews.Add(review.Incident, reviews = []);
            if (reviews is [.., var newest] && review.Repeats(newest))
                return Task.FromResult(newest);
            reviews.Add(review);
            return Task.FromResult(review);
        }
    }

    public Task<IReadOnlyList<Review>> ReadNewestAsync(IReadOnlyCollection<IncidentId> incidents, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(incidents.Count, IReviewLog.MaxIncidents, nameof(incidents));
        lock (_gate)
            return Task.FromResult<IReadOnlyList<Review>>([.. incidents.Where(_reviews.ContainsKey).Select(id => _reviews[id][^1])]);
    }

    public Task<IReadOnlyList<Review>> ReadAsync(IncidentId incident, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 1000));
        lock (_gate)
            return Task.FromResult<IReadOnlyList<Review>>([.. Enumerable.Reverse(_reviews.GetValueOrDefault(incident, [])).Take(limit)]);
    }
}
