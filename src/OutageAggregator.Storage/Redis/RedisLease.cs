namespace OutageAggregator.Storage.Redis;

/// <summary>
/// What one process at a time holds for as long as it says so: it lapses <see cref="Life"/> after it was taken last, so a process that
/// dies leaves it to the next one.
/// </summary>
/// <param name="link">The connection.</param>
/// <param name="name">What is held.</param>
public sealed class RedisLease(RedisLink link, string name)
{
    /// <summary>How long it is held after it was taken. Whoever means to keep it takes it again well before.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly RedisKey _key = link.Keys.Lease(name);

    /// <summary>What this process is known by as a holder.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Takes it, or keeps it where this process holds it.</summary>
    /// <returns>True where this process holds it now.</returns>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<bool> TakeAsync(CancellationToken cancellation) =>
        await link.AskAsync(d => d.LockTakeAsync(_key, Token, Life), cancellation)
        || await link.AskAsync(d => d.LockExtendAsync(_key, Token, Life), cancellation);

    /// <summary>The token of whoever holds it; null where nobody does.</summary>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<string?> HolderAsync(CancellationToken cancellation) =>
        (string?)await link.AskAsync(d => d.LockQueryAsync(_key), cancellation);
}
