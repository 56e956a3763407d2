using System.Diagnostics.Metrics;
using System.Net;
using StackExchange.Redis;

namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// The one connection to Redis, as all stores share it. Every call has a deadline of its own, the number of calls that wait is bounded, and
/// while Redis hangs calls fail at once (<see cref="Breaker"/>): the client's own asynchronous calls to a server that hangs without
/// closing its sockets never end, and its queue knows no bound. What fails is a <see cref="StoreUnavailableException"/> of one line.
/// </summary>
public sealed class RedisLink : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly RedisSettings _settings;
    private readonly RedisClient _client;
    private readonly Breaker _breaker;
    private readonly SilenceWatch _silence;
    private readonly CancellationTokenSource _ending = new();
    private Places _places;
    private int _finding;
    private long _answered;
    private long _late;
    private long _failed;
    private long _spared;

    /// <summary>Connects with the first call, and again by itself whenever the connection is lost.</summary>
    /// <param name="settings">Where it is, and how long to wait.</param>
    /// <param name="tell">Told in a sentence why all calls fail when they begin to, and null when they succeed again.</param>
    /// <param name="meters">Where its numbers are read from, if anywhere.</param>
    /// <exception cref="StoreUnavailableException">The connection is no such text.</exception>
    public RedisLink(RedisSettings settings, Action<string?>? tell = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        var options = RedisConnection.OptionsOf(settings, "outage-aggregator");
        Name = string.Join(", ", options.EndPoints.Select(Show));
        _breaker = new Breaker(() => _ = FindOutAsync(), why => tell?.Invoke(why is null ? null : Sentence(why)), TimeProvider.System);
        _places = new Places(_breaker);
        _client = new RedisClient(options, new RedisKeys(settings.Prefix).ObservedAt, () => Volatile.Write(ref _places, new Places(_breaker)));
        _silence = new SilenceWatch(_breaker, settings, TimeProvider.System, _ending.Token);
        if (meters?.Create(new MeterOptions("OutageAggregator.Redis")) is not { } meter)
            return;
        _ = meter.CreateObservableGauge("outage.redis.breaker.open", () => _breaker.Trouble is null ? 0 : 1, unit: null, "1 while Redis does not answer and calls fail at once.");
        _ = meter.CreateObservableGauge("outage.redis.waiting", () => Volatile.Read(ref Volatile.Read(ref _places).Taken), "{call}", "Calls that Redis has not answered yet.");
        _ = meter.CreateObservableCounter("outage.redis.calls", Calls, "{call}", "Calls to Redis by their end: answered, late (no answer in time), failed, or spared (not made: the breaker was open, or too many waited).");
    }

    /// <summary>Where it is, without passwords.</summary>
    public string Name { get; }

    /// <summary>Changes when a connection was lost and came back: what was known of the server's keys may be wrong since.</summary>
    internal int Generation => _client.Generation;

    internal RedisSettings Settings => _settings;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _client.DisposeAsync();
    }

    /// <summary>Makes one call.</summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellation) =>
        AskAsync(ask, isUrgent: false, cancellation);

    /// <summary>
    /// Makes a call that somebody waits for with a report: until Redis has answered nobody for <see cref="RedisSettings.WriteMilliseconds"/>.
    /// A Redis that has a lot to do is waited for longer, as others are that it answers meanwhile.
    /// </summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal Task<T> AskAtOnceAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellation) =>
        AskAsync(ask, isUrgent: true, cancellation);

    /// <summary>Runs a script; it is loaded where the server does not know it.</summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        RunAsync(script, keys, arguments, isUrgent: false, cancellation);

    /// <summary>Runs the script that somebody waits for with a report, as <see cref="AskAtOnceAsync"/> makes a call.</summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal Task<RedisResult> RunAtOnceAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        RunAsync(script, keys, arguments, isUrgent: true, cancellation);

    private Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, bool isUrgent, CancellationToken cancellation) =>
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
            isUrgent,
            cancellation);

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, bool isUrgent, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_breaker.TryEnter(out var startedAt, out var hopeless))
        {
            _ = Interlocked.Increment(ref _spared);
            throw Unavailable(_breaker.Trouble ?? "can't be reached");
        }
        var places = Volatile.Read(ref _places);
        if (Interlocked.Increment(ref places.Taken) > _settings.MaxWaiting)
        {
            _ = Interlocked.Decrement(ref places.Taken);
            _ = Interlocked.Increment(ref _spared);
            throw Unavailable("has too many calls to answer");
        }
        var milliseconds = isUrgent ? Math.Max(_settings.WriteMilliseconds, _settings.ReadMilliseconds) : _settings.ReadMilliseconds;
        var isWaiting = false;
        try
        {
            var answer = _client.AskAsync(ask);
            // Once it is sent: what the call itself takes to be packed is not Redis' silence.
            if (isUrgent)
            {
                isWaiting = true;
                _silence.Enter();
            }
            // It occupies its place until it is over, also when nobody waits for it any more.
            _ = answer.ContinueWith(
                static (task, state) => ((Places)state!).Leave(task), places, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            using var both = cancellation.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, hopeless) : null;
            var result = await SecondLook.WaitAsync(answer, TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, both?.Token ?? hopeless);
            _breaker.Answered();
            _ = Interlocked.Increment(ref _answered);
            return result;
        }
        catch (OperationCanceledException e) when (hopeless.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            _ = Interlocked.Increment(ref _late);
            throw Unavailable(_breaker.Trouble ?? "did not answer", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // The client's own, as it closes a connection.
            _ = Interlocked.Increment(ref _failed);
            throw Unavailable("can't be reached", e);
        }
        catch (TimeoutException e)
        {
            _ = Interlocked.Increment(ref _late);
            var why = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"did not answer within {milliseconds} ms");
            _breaker.Failed(startedAt, why);
            throw Unavailable(why, e);
        }
        catch (Exception e) when (RedisTrouble.Explain(e) is { } why)
        {
            _ = Interlocked.Increment(ref _failed);
            throw Unavailable(Note(e, why, startedAt), e);
        }
        finally
        {
            if (isWaiting)
                _silence.Leave();
        }
    }

    // Notes what a failure says of everybody else's calls, and says why it was.
    private string Note(Exception failure, string why, long startedAt, bool isRead = false)
    {
        var isReplica = !isRead && failure is RedisConnectionException unconnected && _client.IsReplicas(unconnected);
        if (isReplica)
            why = RedisTrouble.Replica;
        else if (failure is RedisConnectionException && _client.Refusal is { } refusal)
            why = refusal;
        if (!isReplica && RedisTrouble.IsEverybodys(failure))
            _breaker.Failed(startedAt, why);
        else
            _breaker.Answered();
        return why;
    }

    // While calls fail at once, a small one finds out whether Redis is back: at most one is under way, however long it hangs.
    private async Task FindOutAsync()
    {
        if (Interlocked.CompareExchange(ref _finding, 1, 0) != 0)
            return;
        try
        {
            await FindOutWhileItFailsAsync();
        }
        finally
        {
            // A full fence: a breaker that opens from here on starts it, and one that opened before is seen here.
            _ = Interlocked.Exchange(ref _finding, 0);
        }
        if (_breaker.Trouble is not null && !_ending.IsCancellationRequested)
            _ = FindOutAsync();
    }

    private async Task FindOutWhileItFailsAsync()
    {
        Task? asked = null;
        var (generation, silentSince) = (_client.Generation, TimeProvider.System.GetTimestamp());
        while (_breaker.Trouble is not null && !_ending.IsCancellationRequested)
        {
            await Task.Delay(s_pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var startedAt = TimeProvider.System.GetTimestamp();
            if (asked is { IsCompletedSuccessfully: true })
            {
                // Too late to say that Redis is back; not silent all the same.
                _breaker.Heard();
                silentSince = startedAt;
            }
            if (generation != _client.Generation)
            {
                // What was asked on another connection may have no end.
                (generation, silentSince, asked) = (_client.Generation, startedAt, null);
            }
            if (asked is null or { IsCompleted: true })
                asked = _client.ProbeAsync();
            try
            {
                await asked.WaitAsync(TimeSpan.FromMilliseconds(Math.Min(_settings.WriteMilliseconds, _settings.SilenceMilliseconds)), _ending.Token);
                _breaker.Answered();
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                // It hangs still, or its connection does, or nobody wants to know any more.
                if (generation == _client.Generation && !_ending.IsCancellationRequested
                    && TimeProvider.System.GetElapsedTime(silentSince).TotalMilliseconds >= _settings.SilenceMilliseconds)
                {
                    silentSince = TimeProvider.System.GetTimestamp();
                    _ = _client.RenewAsync(() => _breaker.Trouble is not null);
                }
            }
            catch (Exception e)
            {
                _ = Note(e, RedisTrouble.Explain(e) ?? "can't be used", startedAt, isRead: true);
                // An answer of a kind; or the client knows that it has no connection, and makes one by itself.
                silentSince = TimeProvider.System.GetTimestamp();
            }
        }
    }

    private IEnumerable<Measurement<long>> Calls() =>
    [
        Calls(ref _answered, "answered"),
        Calls(ref _late, "late"),
        Calls(ref _failed, "failed"),
        Calls(ref _spared, "spared"),
    ];

    private static Measurement<long> Calls(ref long count, string result) => new(Volatile.Read(ref count), new KeyValuePair<string, object?>("result", result));

    private StoreUnavailableException Unavailable(string why, Exception? cause = null) => new(Sentence(why), cause);

    private string Sentence(string why) => $"Redis at {Name} {why}.";

    private static string Show(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
        _ => endPoint.ToString() ?? "",
    };

    // Of one connection: calls that wait on one that was thrown away may never give theirs back.
    private sealed class Places(Breaker breaker)
    {
        public int Taken;

        public void Leave(Task call)
        {
            if (call.IsCompletedSuccessfully)
                breaker.Heard();
            _ = call.Exception;
            _ = Interlocked.Decrement(ref Taken);
        }
    }
}
