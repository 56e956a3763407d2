namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// The client with its connection, which is made with the first call. Everything after that is the client's own work: it connects again,
/// replaces a connection that is deaf, loads scripts that were flushed, and ends calls. While it has no connection, calls fail at once
/// and do not queue up.
/// </summary>
/// <param name="options">Where Redis is.</param>
internal sealed class RedisClient(ConfigurationOptions options) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private ConnectionMultiplexer? _made;
    private string? _refusal;
    private int _generation;
    private bool _isDisposed;

    /// <summary>Changes when a connection was lost and came back: what was known of the server's keys may be wrong since.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>
    /// Why the connection is closed to us, as the end of a sentence that begins with Redis' name; null where that is not known.
    /// </summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>True where the client has connections, and to replicas only, which it sends no writes.</summary>
    public bool HasReplicasOnly =>
        Volatile.Read(ref _made) is { } made
        && made.GetServers() is { Length: > 0 } servers
        && Array.TrueForAll(servers, s => s is { IsConnected: true, IsReplica: true });

    /// <summary>The database, once a connection was made or tried.</summary>
    public async ValueTask<IDatabase> ConnectAsync()
    {
        var connecting = Volatile.Read(ref _connecting);
        if (connecting is not { IsCompletedSuccessfully: true })
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (_connecting is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                    Volatile.Write(ref _connecting, MakeAsync());
                connecting = _connecting;
            }
        }
        return (await connecting).GetDatabase();
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? connecting;
        lock (_gate)
        {
            _isDisposed = true;
            connecting = _connecting;
        }
        if (connecting is null)
            return;
        try
        {
            var made = await connecting;
            await made.CloseAsync(allowCommandsToComplete: false);
            await made.DisposeAsync();
        }
        catch (RedisConnectionException)
        {
            // There is no connection to close.
        }
    }

    private async Task<ConnectionMultiplexer> MakeAsync()
    {
        options.BacklogPolicy = BacklogPolicy.FailFast;
        var made = await ConnectionMultiplexer.ConnectAsync(options);
        // Why it is closed to us is known here only: calls are told that there is no connection.
        made.ConnectionFailed += (_, e) => Volatile.Write(ref _refusal, RedisTrouble.Refusal(e.FailureType, e.Exception));
        made.ConnectionRestored += (_, e) =>
        {
            if (e.ConnectionType != ConnectionType.Interactive)
                return;
            Volatile.Write(ref _refusal, null);
            _ = Interlocked.Increment(ref _generation);
        };
        Volatile.Write(ref _made, made);
        return made;
    }
}
