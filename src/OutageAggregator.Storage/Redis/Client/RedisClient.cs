using StackExchange.Redis;

namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// The client with its connection, which is made with the first call and comes back by itself when it is lost. One that is there and does not answer
/// is thrown away and made anew: a connection may be dead without either end knowing, as behind a firewall that forgot it; and the older client (1.2.6) writes its
/// queue only when something enters an empty one, and a question of its own, asked while it connects, can be left in it.
/// </summary>
/// <param name="options">Where Redis is.</param>
/// <param name="probe">A key to ask for where only the answer counts.</param>
/// <param name="renewed">Called when another connection is used: calls that wait on the one before may wait for ever.</param>
internal sealed class RedisClient(ConfigurationOptions options, RedisKey probe, Action renewed) : IAsyncDisposable
{
    private const int Tries = 3;

    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private ConnectionMultiplexer? _multiplexer;
    private string? _refusal;
    private int _renewing;
    private int _generation;
    private volatile bool _isDisposed;

    /// <summary>Changes when a connection was lost and came back, or was made anew: what was known of the server's keys may be wrong since.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Why the connection is closed to us, as the end of a sentence that begins with Redis' name; null where that is not known.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>True where the client says that it has no connection for a call, and has one: it sends a replica no writes.</summary>
    public bool IsReplicas(RedisConnectionException failure) =>
        failure.FailureType == ConnectionFailureType.UnableToResolvePhysicalConnection
        && Volatile.Read(ref _multiplexer) is { } multiplexer
        && ServersOf(multiplexer) is { Count: > 0 } servers
        && servers.All(s => s is { IsConnected: true, ServerType: ServerType.Standalone });

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
    /// Makes another connection, and uses it if it answers. Nothing happens where Redis itself hangs, as it answers on no connection then, nor while one is
    /// being made.
    /// </summary>
    /// <param name="isWanted">Asked when it answers: false where the old one does again.</param>
    public async Task RenewAsync(Func<bool> isWanted)
    {
        if (Volatile.Read(ref _multiplexer) is null || Interlocked.CompareExchange(ref _renewing, 1, 0) != 0)
            return;
        ConnectionMultiplexer? needless = null;
        try
        {
            needless = await ConnectOnceAsync();
            if (needless.IsConnected && await AnswersAsync(needless) && isWanted())
                needless = Use(needless);
        }
        catch (Exception)
        {
            // There is none to be had.
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
        if (needless is not null)
            await CloseAsync(needless);
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
            await CloseOnceMadeAsync(connecting).WaitAsync(s_closing);
        }
        catch (TimeoutException)
        {
            // What is full of what nobody takes ends with the process.
        }
    }

    private async Task<T> ConnectAndAskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        Task<ConnectionMultiplexer> connecting;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connecting is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                _connecting = ConnectAsync();
            connecting = _connecting;
        }
        return await ask((await connecting).GetDatabase());
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var made = await ConnectOnceAsync();
            // Where Redis is not there, the client goes on trying by itself.
            if (attempt == Tries || _isDisposed || !made.IsConnected || await AnswersAsync(made))
            {
                Use(made);
                return made;
            }
            await CloseAsync(made);
        }
    }

    // The older client waits for a cluster's table of slots without an end.
    private async Task<ConnectionMultiplexer> ConnectOnceAsync()
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            return await connecting.WaitAsync(TimeSpan.FromMilliseconds((2 * options.ConnectTimeout) + 500));
        }
        catch (TimeoutException)
        {
            _ = CloseOnceMadeAsync(connecting);
            throw;
        }
    }

    // Gives the one that is to be closed: the one before, or itself where nobody wants one any more.
    private ConnectionMultiplexer? Use(ConnectionMultiplexer made)
    {
        // Why it is closed to us is known here only: calls are told that there is no connection.
        made.ConnectionFailed += (_, e) =>
        {
            if (IsUsed(made))
                Volatile.Write(ref _refusal, e.FailureType == ConnectionFailureType.AuthenticationFailure ? RedisTrouble.WrongPassword : RedisTrouble.Refusal(e.Exception));
        };
        made.ConnectionRestored += (_, e) =>
        {
            if (e.ConnectionType != ConnectionType.Interactive || !IsUsed(made))
                return;
            Volatile.Write(ref _refusal, null);
            _ = Interlocked.Increment(ref _generation);
        };
        ConnectionMultiplexer? before;
        lock (_gate)
        {
            if (_isDisposed)
                return made;
            before = _multiplexer;
            if (before is not null)
            {
                _connecting = Task.FromResult(made);
                Volatile.Write(ref _refusal, null);
            }
            Volatile.Write(ref _multiplexer, made);
        }
        if (before is null)
            return null;
        _ = Interlocked.Increment(ref _generation);
        renewed();
        return before;
    }

    // The first one is, before it is known.
    private bool IsUsed(ConnectionMultiplexer multiplexer) => Volatile.Read(ref _multiplexer) is not { } used || ReferenceEquals(used, multiplexer);

    // Each server of a cluster has a queue of its own.
    private async Task<bool> AnswersAsync(ConnectionMultiplexer made)
    {
        try
        {
            _ = await Task.WhenAll(ServersOf(made).Where(s => s.IsConnected).Select(s => s.PingAsync())).WaitAsync(TimeSpan.FromMilliseconds(options.ConnectTimeout));
            return true;
        }
        catch (Exception e) when (e is TimeoutException or RedisConnectionException)
        {
            return false;
        }
        catch (Exception)
        {
            // It answers, if only to refuse. What is wrong with the rest is told to who makes a call.
            return true;
        }
    }

    private static IReadOnlyList<IServer> ServersOf(ConnectionMultiplexer multiplexer)
    {
        try
        {
            return [.. multiplexer.GetEndPoints().Select(e => multiplexer.GetServer(e))];
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // It is closed, or a proxy that has none.
            return [];
        }
    }

    private static async Task CloseOnceMadeAsync(Task<ConnectionMultiplexer> connecting)
    {
        try
        {
            await CloseAsync(await connecting);
        }
        catch (Exception)
        {
            // There is no connection to close.
        }
    }

    // Beside: the older client may wait for a full connection to take what is left to be sent.
    private static Task CloseAsync(ConnectionMultiplexer multiplexer) => Task.Run(async () =>
    {
        await multiplexer.CloseAsync(allowCommandsToComplete: false);
        // As both clients can; nothing is left to wait for.
        ((IDisposable)multiplexer).Dispose();
    });
}
