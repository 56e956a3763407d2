namespace OutageAggregator.Storage;

/// <summary>
/// What operators said of incidents: append-only, all of it kept, the newest review of an incident counts.
/// <para>
/// It is apart from the incident log on purpose. That log is what the watches continue from after a restart and what live events tell; a
/// person's verdict, given days later, must disturb neither. And the incident stays what the detector said at the time: else a track
/// record made of both would measure nothing.
/// </para>
/// </summary>
public interface IReviewLog
{
    /// <summary>The most incidents that can be asked about at once.</summary>
    const int MaxIncidents = 1_000;

    /// <summary>
    /// Appends a review, durably. One that only repeats the newest of its incident (<see cref="Review.Repeats"/>) adds nothing.
    /// </summary>
    /// <returns>The review that counts from here on: the given one, or the one that it repeats.</returns>
    /// <exception cref="StoreUnavailableException">It was not written, or it is not known: append it again.</exception>
    Task<Review> AppendAsync(Review review, CancellationToken cancellation);

    /// <summary>The newest review of each of the incidents that has any, in no order.</summary>
    /// <param name="incidents">At most <see cref="MaxIncidents"/>.</param>
    /// <param name="cancellation">Gives up the reading.</param>
    Task<IReadOnlyList<Review>> ReadNewestAsync(IReadOnlyCollection<IncidentId> incidents, CancellationToken cancellation);

    /// <summary>Reviews of one incident, the newest first, at most <paramref name="limit"/> (1 to 1,000).</summary>
    Task<IReadOnlyList<Review>> ReadAsync(IncidentId incident, int limit, CancellationToken cancellation);
}
