using System.Diagnostics.Metrics;

namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// The one connection to Redis, as all stores share it. The number of calls that wait is bounded, as the client's own queue is not, and
/// while Redis hangs or is gone calls fail at once (<see cref="Breaker"/>). What fails is a <see cref="StoreUnavailableException"/> of
/// one line.
/// </summary>
public sealed class RedisLink : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly RedisClient _client;
    private readonly Breaker _breaker;
    private readonly string _late;
    private readonly CancellationTokenSource _ending = new();
    private readonly Histogram<double>? _callTime;
    private int _waiting;
    private int _isProbing;
    private readonly long[] _calls = new long[Enum.GetValues<CallEnd>().Length];

    /// <summary>Connects with the first call, and again by itself whenever the connection is lost.</summary>
    /// <param name="settings">Where it is, and how long to wait.</param>
    /// <param name="tell">Told in a sentence why all calls fail when they begin to, and null when they succeed again.</param>
    /// <param name="meters">Where its numbers are read from, if anywhere.</param>
    /// <exception cref="StoreUnavailableException">The connection is no such text.</exception>
    public RedisLink(RedisSettings settings, Action<string?>? tell = null, IMeterFactory? meters = null)
    {
        Settings = settings;
        var options = RedisConnection.OptionsOf(settings, "outage-aggregator");
        Name = string.Join(", ", options.EndPoints.Select(Show));
        _late = $"did not answer within {options.AsyncTimeout} ms";
        Keys = new RedisKeys(settings.Prefix);
        _client = new RedisClient(options);
        _breaker = new Breaker(settings, StartProbing, why => tell?.Invoke(why is null ? null : Sentence(why)), TimeProvider.System);
        if (meters?.Create(new MeterOptions("OutageAggregator.Redis")) is not { } meter)
            return;
        _callTime = meter.CreateHistogram<double>(
            "outage.redis.call.duration", "s", "Time of one call to Redis, however it ended; those that were spared are not among them.");
        _ = meter.CreateObservableGauge(
            "outage.redis.breaker.open", () => _breaker.Trouble is null ? 0 : 1, unit: null,
            "1 while Redis does not answer and calls fail at once.");
        _ = meter.CreateObservableGauge(
            "outage.redis.waiting", () => Volatile.Read(ref _waiting), "{call}", "Calls that Redis has not answered yet.");
        _ = meter.CreateObservableCounter(
            "outage.redis.calls", Calls, "{call}",
            "Calls to Redis by their end: answered, late (no answer in time), failed, or spared (not made: the breaker was open, or too many waited).");
    }

    /// <summary>Where it is, without passwords.</summary>
    public string Name { get; }

    /// <summary>Changes when a connection was lost and came back: what was known of the server's keys may be wrong since.</summary>
    internal int Generation => _client.Generation;

    internal RedisSettings Settings { get; }
    internal RedisKeys Keys { get; }

    /// <summary>How many calls one question may have under way at once: of those that may wait, most are left to others.</summary>
    internal int CallsAtOnce => Math.Clamp(Settings.MaxWaiting / 4, 1, 256);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _client.DisposeAsync();
    }

    /// <summary>Asks about many things, no more of them at once than one question may.</summary>
    internal async Task<List<TAnswer>> AskEachAsync<T, TAnswer>(IEnumerable<T> things, Func<T, Task<TAnswer>> ask)
    {
        var answers = new List<TAnswer>();
        foreach (var some in things.Chunk(CallsAtOnce))
            answers.AddRange(await Task.WhenAll(some.Select(ask)));
        return answers;
    }

    /// <summary>Runs a script as one step in Redis.</summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        AskAsync(database => database.ScriptEvaluateAsync(script.Text, keys, arguments), cancellation);

    /// <summary>Makes one call.</summary>
    /// <exception cref="StoreUnavailableException">No answer came in time, or Redis refuses it.</exception>
    internal async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_breaker.TryEnter(out var hopeless))
        {
            Count(CallEnd.Spared);
            throw Unavailable(_breaker.Trouble ?? "can't be reached");
        }
        if (Interlocked.Increment(ref _waiting) > Settings.MaxWaiting)
        {
            _ = Interlocked.Decrement(ref _waiting);
            Count(CallEnd.Spared);
            throw Unavailable("has too many calls to answer");
        }
        var startedAt = TimeProvider.System.GetTimestamp();
        var answer = SendAsync(ask);
        try
        {
            using var both = cancellation.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, hopeless) : null;
            var result = await answer.WaitAsync(both?.Token ?? hopeless);
            Count(CallEnd.Answered);
            return result;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Forget(answer);
            throw;
        }
        catch (OperationCanceledException e)
        {
            Forget(answer);
            Count(CallEnd.Late);
            throw Unavailable(_breaker.Trouble ?? "did not answer", e);
        }
        catch (RedisTimeoutException e)
        {
            Count(CallEnd.Late);
            _breaker.Failed(startedAt, _late);
            throw Unavailable(_late, e);
        }
        catch (Exception e) when (RedisTrouble.Explain(e) is { } why)
        {
            Count(CallEnd.Failed);
            throw Unavailable(Note(e, why, startedAt), e);
        }
        finally
        {
            _callTime?.Record(TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds);
        }
    }

    // Nobody wants to know any more how it ends.
    private static void Forget(Task answer) => _ = answer.ContinueWith(
        static task => _ = task.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    // It occupies its place until it is over, also when nobody waits for it any more: the client holds it for as long.
    private async Task<T> SendAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        var isSent = false;
        try
        {
            var database = await _client.ConnectAsync();
            var answer = ask(database);
            isSent = true;
            _breaker.Sent();
            var result = await answer;
            _breaker.Heard();
            return result;
        }
        finally
        {
            if (isSent)
                _breaker.Ended();
            _ = Interlocked.Decrement(ref _waiting);
        }
    }

    // Notes what a failure says of everybody else's calls, and says why it was.
    private string Note(Exception failure, string why, long startedAt)
    {
        if (failure is RedisConnectionException && _client.HasReplicasOnly)
        {
            _breaker.Heard();
            return RedisTrouble.Replica;
        }
        if (failure is RedisConnectionException && _client.Refusal is { } refusal)
            why = refusal;
        if (RedisTrouble.IsEverybodys(failure))
            _breaker.Failed(startedAt, why);
        else
            _breaker.Heard();
        return why;
    }

    private void StartProbing()
    {
        if (Interlocked.CompareExchange(ref _isProbing, 1, 0) == 0)
            _ = ProbeAsync();
    }

    // While calls fail at once, a small one finds out whether Redis is back. One that waits on a connection closes the breaker with the
    // first answer there.
    private async Task ProbeAsync()
    {
        while (_breaker.Trouble is not null && !_ending.IsCancellationRequested)
        {
            var startedAt = TimeProvider.System.GetTimestamp();
            try
            {
                _ = await (await _client.ConnectAsync()).StringGetAsync(Keys.ObservedAt).WaitAsync(_ending.Token);
                _breaker.Heard();
            }
            catch (Exception e)
            {
                if (e is not (TimeoutException or OperationCanceledException))
                    _ = Note(e, RedisTrouble.Explain(e) ?? "can't be used", startedAt);
                await Task.Delay(s_pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        // A full fence: a breaker that opens from here on starts it, and one that opened before is seen here.
        _ = Interlocked.Exchange(ref _isProbing, 0);
        if (_breaker.Trouble is not null && !_ending.IsCancellationRequested)
            StartProbing();
    }

    private void Count(CallEnd end) => _ = Interlocked.Increment(ref _calls[(int)end]);

    private IEnumerable<Measurement<long>> Calls() => Enum.GetValues<CallEnd>().Select(end => new Measurement<long>(
        Volatile.Read(ref _calls[(int)end]), KeyValuePair.Create<string, object?>("result", end.ToString().ToLowerInvariant())));

    private StoreUnavailableException Unavailable(string why, Exception? cause = null) => new(Sentence(why), cause);

    private string Sentence(string why) => $"Redis at {Name} {why}.";

    private static string Show(EndPoint endPoint) => endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : $"{endPoint}";

    private enum CallEnd { Answered, Late, Failed, Spared }
}
