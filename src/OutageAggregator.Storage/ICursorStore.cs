namespace OutageAggregator.Storage;

/// <summary>
/// How far each consumer of the incident log has come: the position of the last event that it took. It lies where the log lies, so neither
/// is ever restored, moved or emptied without the other.
/// </summary>
public interface ICursorStore
{
    /// <summary>The saved position of a consumer; null where it never saved one.</summary>
    Task<long?> ReadAsync(string consumer, CancellationToken cancellation);

    /// <summary>
    /// Saves a position, durably. It never moves back: of two that follow under one name for a moment, the one further on counts.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It was not saved, or it is not known: save it, or a later one, again.</exception>
    Task SaveAsync(string consumer, long position, CancellationToken cancellation);
}
