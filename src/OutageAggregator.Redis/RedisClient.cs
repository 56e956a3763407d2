using StackExchange.Redis;

namespace OutageAggregator.Redis;

/// <summary>
/// The client with its connection, which is made with the first call and comes back by itself when it is lost. One that is there and does not answer
/// is thrown away and made anew: a connection may be dead without either end knowing, as behind a firewall that forgot it, and the older client (1.2.6) writes its
/// queue only when something enters an empty one, which its own first questions can spoil that it asks while it connects.
/// </summary>
/// <param name="options">Where Redis is.</param>
/// <param name="probe">A key to ask for where only the answer counts.</param>
internal sealed class RedisClient(ConfigurationOptions options, RedisKey probe) : IAsyncDisposable
{
    private const int Tries = 3;

    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private ConnectionMultiplexer? _multiplexer;
    private string? _refusal;
    private int _renewing;
    private int _generation;
    private bool _isDisposed;

    /// <summary>Changes when a connection was lost and came back: what was known of the server's keys may be wrong since.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Why the connection is closed to us, as the end of a sentence that begins with Redis' name; null where that is not known.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>True where the client has a connection, and sends it no writes: it says then that it has none.</summary>
    public bool IsReplica => Volatile.Read(ref _multiplexer) is { } multiplexer && Array.TrueForAll(
        multiplexer.GetEndPoints(),
        endPoint => multiplexer.GetServer(endPoint) is { IsConnected: true, ServerType: ServerType.Standalone });

    /// <summary>Makes one call. What the client throws comes with the task; it may have no end.</summary>
    public Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        try
        {
            return Volatile.Read(ref _multiplexer) is { } multiplexer ? ask(multiplexer.GetDatabase()) : ConnectAndAskAsync(ask);
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    /// <summary>Asks for no more than an answer.</summary>
    public Task<RedisValue> ProbeAsync() => AskAsync(d => d.StringGetAsync(probe));

    /// <summary>
    /// Makes another connection, and uses it if it answers: the calls that wait on the old one fail then. Nothing happens where a Redis that hangs answers
    /// on no connection, nor while one is being made.
    /// </summary>
    /// <param name="isWanted">Asked when it answers: false where the old one does again.</param>
    public async Task RenewAsync(Func<bool> isWanted)
    {
        if (Volatile.Read(ref _multiplexer) is null || Interlocked.CompareExchange(ref _renewing, 1, 0) != 0)
            return;
        try
        {
            var made = await ConnectionMultiplexer.ConnectAsync(options);
            await CloseAsync(made.IsConnected && await AnswersAsync(made) && isWanted() ? Use(made) : made);
        }
        catch (Exception e) when (RedisTrouble.Explain(e) is not null)
        {
            // There is none to be had.
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
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
            await CloseAsync(await connecting);
        }
        catch (Exception e) when (RedisTrouble.Explain(e) is not null)
        {
            // There is no connection to close.
        }
    }

    private async Task<T> ConnectAndAskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        Task<ConnectionMultiplexer> connecting;
        lock (_gate)
        {
            if (_connecting is null or { IsFaulted: true })
                _connecting = ConnectAsync();
            connecting = _connecting;
        }
        return await ask((await connecting).GetDatabase());
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var made = await ConnectionMultiplexer.ConnectAsync(options);
            // Where Redis is not there, the client goes on trying by itself.
            if (attempt == Tries || !made.IsConnected || await AnswersAsync(made))
            {
                Use(made);
                return made;
            }
            await CloseAsync(made);
        }
    }

    // Gives the one that is to be closed: the one before, or itself where nobody wants one any more.
    private ConnectionMultiplexer? Use(ConnectionMultiplexer made)
    {
        ConnectionMultiplexer? before;
        lock (_gate)
        {
            if (_isDisposed)
                return made;
            before = _multiplexer;
            if (before is not null)
                _connecting = Task.FromResult(made);
            Volatile.Write(ref _multiplexer, made);
        }
        // Why it is closed to us is known here only: calls are told that there is no connection.
        made.ConnectionFailed += (_, e) =>
        {
            if (ReferenceEquals(made, Volatile.Read(ref _multiplexer)))
                Volatile.Write(ref _refusal, e.FailureType == ConnectionFailureType.AuthenticationFailure ? RedisTrouble.WrongPassword : RedisTrouble.Refusal(e.Exception));
        };
        made.ConnectionRestored += (_, _) =>
        {
            Volatile.Write(ref _refusal, null);
            _ = Interlocked.Increment(ref _generation);
        };
        if (before is not null)
            _ = Interlocked.Increment(ref _generation);
        return before;
    }

    private async Task<bool> AnswersAsync(ConnectionMultiplexer made)
    {
        try
        {
            _ = await made.GetDatabase().StringGetAsync(probe).WaitAsync(TimeSpan.FromMilliseconds(options.ConnectTimeout));
            return true;
        }
        catch (Exception e) when (e is TimeoutException or RedisConnectionException)
        {
            return false;
        }
        catch (RedisException)
        {
            // It answers, if only to refuse.
            return true;
        }
    }

    private static async Task CloseAsync(ConnectionMultiplexer? multiplexer)
    {
        if (multiplexer is null)
            return;
        await multiplexer.CloseAsync(allowCommandsToComplete: false);
        // As both clients can; nothing is left to wait for.
        ((IDisposable)multiplexer).Dispose();
    }
}
