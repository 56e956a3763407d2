using System.Net;
using OutageAggregator.Core.Windows;
using StackExchange.Redis;

namespace OutageAggregator.Redis;

/// <summary>
/// The one connection to Redis, as all stores share it. Every call has a deadline of its own, the number of calls that wait is bounded, and
/// while Redis hangs calls fail at once (<see cref="Breaker"/>): the client's own asynchronous calls to a server that hangs without
/// closing its sockets never end, and its queue knows no bound. What fails is a <see cref="StoreUnavailableException"/> of one line.
/// </summary>
public sealed class RedisLink : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly RedisSettings _settings;
    private readonly Breaker _breaker;
    private readonly string _name;
    private int _waiting;
    private int _generation;

    private RedisLink(ConnectionMultiplexer multiplexer, RedisSettings settings, string name, Action<string?> tell)
    {
        _multiplexer = multiplexer;
        _settings = settings;
        _name = name;
        _breaker = new Breaker(tell, TimeProvider.System);
        _multiplexer.ConnectionRestored += (_, _) => Interlocked.Increment(ref _generation);
    }

    /// <summary>Changes when a connection was lost and came back: what was known of the server's keys may be wrong since.</summary>
    internal int Generation => Volatile.Read(ref _generation);

    internal RedisSettings Settings => _settings;

    /// <summary>Connects, and asks whether Redis answers.</summary>
    /// <param name="settings">Where it is, and how long to wait.</param>
    /// <param name="tell">Told in a sentence why calls fail when they begin to, and null when they succeed again.</param>
    /// <exception cref="StoreUnavailableException">It can't be reached or used now, or the connection is no such text.</exception>
    public static async Task<RedisLink> ConnectAsync(RedisSettings settings, Action<string?>? tell = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var options = Parse(settings);
        var name = string.Join(", ", options.EndPoints.Select(Show));
        ConnectionMultiplexer multiplexer;
        try
        {
            multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        }
        catch (Exception e) when (RedisTrouble.Explain(e) is { } why)
        {
            throw new StoreUnavailableException($"Redis at {name} {why}.", e);
        }
        var link = new RedisLink(multiplexer, settings, name, tell ?? (static _ => { }));
        try
        {
            _ = await link.AskAsync(static database => database.PingAsync(), CancellationToken.None);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _multiplexer.CloseAsync(allowCommandsToComplete: false);
        _multiplexer.Dispose();
    }

    /// <summary>Makes one call.</summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellation) =>
        AskAsync(ask, _settings.ReadMilliseconds, cancellation);

    /// <summary>Runs a script; it is loaded where the server does not know it.</summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        RunAsync(script, keys, arguments, _settings.ReadMilliseconds, cancellation);

    /// <summary>Runs the script that somebody waits for with a report.</summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal Task<RedisResult> RunAtOnceAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        RunAsync(script, keys, arguments, _settings.WriteMilliseconds, cancellation);

    private Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, int milliseconds, CancellationToken cancellation) =>
        AskAsync(
            async database =>
            {
                for (var attempt = 1; ; attempt++)
                {
                    try
                    {
                        return await database.ScriptEvaluateAsync(script.Text, keys, arguments);
                    }
                    catch (Exception e) when (attempt < 3 && RedisTrouble.IsUnknownScript(e))
                    {
                        // The client forgets what it knew of the server's scripts when it is told so, and loads the script the next time.
                    }
                }
            },
            milliseconds,
            cancellation);

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, int milliseconds, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_breaker.TryEnter(out var startedAt))
            throw Unavailable(_breaker.Trouble ?? "can't be reached");
        if (Interlocked.Increment(ref _waiting) > _settings.MaxWaiting)
        {
            _ = Interlocked.Decrement(ref _waiting);
            throw Unavailable("has too many calls to answer");
        }
        try
        {
            var answer = ask(_multiplexer.GetDatabase());
            // It occupies its place until it is over, also when nobody waits for it any more.
            _ = answer.ContinueWith(
                static (task, state) =>
                {
                    _ = task.Exception;
                    _ = Interlocked.Decrement(ref ((RedisLink)state!)._waiting);
                },
                this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            var result = await answer.WaitAsync(TimeSpan.FromMilliseconds(milliseconds), cancellation);
            _breaker.Answered(startedAt);
            return result;
        }
        catch (TimeoutException e)
        {
            var why = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"did not answer within {milliseconds} ms");
            _breaker.Failed(startedAt, why);
            throw Unavailable(why, e);
        }
        catch (Exception e) when (RedisTrouble.Explain(e) is { } why)
        {
            if (RedisTrouble.IsEverybodys(e))
                _breaker.Failed(startedAt, why);
            else
                _breaker.Answered(startedAt);
            throw Unavailable(why, e);
        }
    }

    private StoreUnavailableException Unavailable(string why, Exception? cause = null) => new($"Redis at {_name} {why}.", cause);

    private static ConfigurationOptions Parse(RedisSettings settings)
    {
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(settings.Connection);
        }
        catch (ArgumentException e)
        {
            // The text itself may hold a password.
            throw new StoreUnavailableException("Redis:Connection can't be read. Allowed: HOST:PORT, more of them separated by commas, then options such as password=… or ssl=true.", e);
        }
        if (options.EndPoints.Count == 0)
            throw new StoreUnavailableException("Redis:Connection names no server. Allowed: HOST:PORT, more of them separated by commas, then options such as password=… or ssl=true.");
        options.AbortOnConnectFail = true;
        options.ClientName = "outage-aggregator";
        return options;
    }

    private static string Show(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
        _ => endPoint.ToString() ?? "",
    };
}
