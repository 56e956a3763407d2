namespace OutageAggregator.Storage;

/// <summary>What is remembered of a repeatable batch.</summary>
/// <param name="SeenAt">When it was first seen.</param>
/// <param name="IsSameBody">Whether that was with this body.</param>
/// <param name="IsOfEarlierVersion">True where an earlier version noted it: the ids of its parts tell no service.</param>
public readonly record struct BatchMemory(DateTimeOffset SeenAt, bool IsSameBody, bool IsOfEarlierVersion = false);

/// <summary>
/// Remembers for a day which repeatable batches were seen, when, and with which body, so that a repetition is read as of the same instant
/// and another body is told apart. It is noted durably before the batch is counted; receipts are the count store's to remember.
/// </summary>
public interface IRepeatedBatches
{
    /// <summary>How long a batch is remembered.</summary>
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Notes a batch durably, unless it was noted within a day, and tells when it was first seen.</summary>
    /// <param name="id">What its sender calls it, hashed.</param>
    /// <param name="body">Hash of its body.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">It could not be noted.</exception>
    Task<BatchMemory> BeginAsync(UInt128 id, UInt128 body, DateTimeOffset now, CancellationToken cancellation);
}
