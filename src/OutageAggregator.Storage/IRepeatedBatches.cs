namespace OutageAggregator.Storage;

/// <summary>When a repeatable batch was first seen, and whether with this body.</summary>
public readonly record struct BatchMemory(DateTimeOffset SeenAt, bool IsSameBody);

/// <summary>
/// Remembers for a day which repeatable batches were seen, when, and with which body, so that a repetition is read as of the same instant
/// and another body is told apart.
/// </summary>
public interface IRepeatedBatches
{
    /// <summary>Notes a batch durably, unless it was noted within a day, and tells when it was first seen.</summary>
    /// <param name="id">What its sender calls it, hashed.</param>
    /// <param name="body">Hash of its body.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">It could not be noted.</exception>
    Task<BatchMemory> BeginAsync(UInt128 id, UInt128 body, DateTimeOffset now, CancellationToken cancellation);
}
