namespace OutageAggregator.Storage.Redis.Incidents;

/// <summary>
/// An incident log in Redis, shared by as many processes as open it under its name: a list, whose places are the positions, behind a look
/// at what is there already under the ids (<c>log.lua</c>). Questions are answered from an index in memory that first reads what is new
/// in the list, with a cursor of its own like any other reader: every answer holds what was appended before it was asked, by whichever
/// process, for one round trip.
/// <para>
/// Rejected: an index in Redis (sorted sets and hashes of onsets, states, regions), which would have to be kept in step with the list for
/// ever to save reading it once at the start: a year of a hundred incidents a week is some 50 MB.
/// </para>
/// </summary>
public sealed class RedisIncidentLog : IIncidentLog, IDisposable
{
    /// <summary>The log that pages, feeds and webhooks read.</summary>
    public const string Published = "incidents";

    private const int Page = 1_000;

    // How soon those who wait hear of what another process has appended; of what this one has, at once.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private readonly RedisLink _link;
    private readonly RedisKey _log;
    private readonly RedisKey _ids;
    private readonly AppendSignal _signal = new();
    private readonly SemaphoreSlim _reading = new(1);
    private readonly IncidentIndex _index = new();
    private readonly CancellationTokenSource _closing = new();
    private int _waiting;
    private int _isLooking;

    /// <param name="link">The connection.</param>
    /// <param name="name">Which log: each name has a list of its own. 1 to 32 of a-z and hyphens.</param>
    public RedisIncidentLog(RedisLink link, string name = Published)
    {
        if (name.Length is 0 or > 32 || !name.All(c => char.IsAsciiLetterLower(c) || c == '-'))
            throw new ArgumentException("A log's name is 1 to 32 of a-z and hyphens.", nameof(name));
        _link = link;
        (_log, _ids) = (link.Keys.Log(name), link.Keys.Ids(name));
    }

    public async Task<LogReceipt> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (events.Count == 0)
            return new LogReceipt([]);
        RedisValue[] arguments = [.. events.SelectMany(e => (RedisValue[])[e.Id, StoredEvent.Write(e)])];
        // Once it is under way it is not given up: it may be written.
        var answer = (RedisResult[]?)await _link.RunAsync(RedisScript.Log, [_log, _ids], arguments, CancellationToken.None);
        if (answer is [var known, var text])
            return new LogReceipt([], new LoggedEvent((long)known, StoredEvent.Read(text.ToString())));
        if (answer is not [var positions] || (long[]?)positions is not { } places || places.Length != events.Count)
            throw new InvalidDataException("Redis gave no answer to an event.");
        _signal.Raise(places.Max());
        return new LogReceipt([.. events.Zip(places, (e, position) => new LoggedEvent(position, e))]);
    }

    public async Task<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        after = Math.Max(0, after);
        if (after > long.MaxValue - limit)
            return [];
        var texts = await _link.AskAsync(d => d.ListRangeAsync(_log, after, after + limit - 1), cancellation);
        return [.. texts.Select((text, i) => new LoggedEvent(after + i + 1, StoredEvent.Read(text.ToString())))];
    }

    public Task<long> LastPositionAsync(CancellationToken cancellation) => _link.AskAsync(d => d.ListLengthAsync(_log), cancellation);

    public async Task WaitAsync(long after, CancellationToken cancellation)
    {
        if (_signal.Last > after)
            return;
        _ = Interlocked.Increment(ref _waiting);
        try
        {
            var grown = _signal.WaitAsync(after, cancellation);
            if (Interlocked.Exchange(ref _isLooking, 1) == 0)
                _ = LookAsync();
            await grown;
        }
        finally
        {
            _ = Interlocked.Decrement(ref _waiting);
        }
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadNewestAsync(CancellationToken cancellation) =>
        AskIndexAsync(static index => index.Newest(), cancellation);

    public Task<LoggedEvent?> ReadNewestAsync(ServiceSlug service, CancellationToken cancellation) =>
        AskIndexAsync(index => index.Newest(service), cancellation);

    public Task<LoggedEvent?> ReadNewestIncidentAsync(ServiceSlug service, CancellationToken cancellation) =>
        AskIndexAsync(index => index.NewestIncident(service), cancellation);

    public async Task<IReadOnlyList<LoggedEvent>> ReadIncidentAsync(IncidentId id, CancellationToken cancellation)
    {
        var positions = await AskIndexAsync(index => index.PositionsOf(id), cancellation);
        return await _link.AskEachAsync(positions, async position => new LoggedEvent(
            position, StoredEvent.Read((await _link.AskAsync(d => d.ListGetByIndexAsync(_log, position - 1), cancellation)).ToString())));
    }

    public Task<IReadOnlyList<Incident>> FindAsync(IncidentQuery query, CancellationToken cancellation) =>
        AskIndexAsync(index => index.Find(query), cancellation);

    // A container disposes it once for each service it is.
    public void Dispose() => _closing.Cancel();

    private async Task<T> AskIndexAsync<T>(Func<IncidentIndex, T> ask, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            IReadOnlyList<LoggedEvent> page;
            do
            {
                page = await ReadAsync(_index.Last, Page, cancellation);
                foreach (var logged in page)
                    _index.Add(logged);
            }
            while (page.Count == Page);
            return ask(_index);
        }
        finally
        {
            _reading.Release();
        }
    }

    // One look for all who wait, for as long as anybody does.
    private async Task LookAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(s_look);
            do
            {
                try
                {
                    _signal.Raise(await LastPositionAsync(_closing.Token));
                }
                catch (StoreUnavailableException)
                {
                    // The next look may succeed; whoever reads meanwhile is told.
                }
            }
            while (Volatile.Read(ref _waiting) > 0 && await timer.WaitForNextTickAsync(_closing.Token));
        }
        catch (OperationCanceledException)
        {
            // Closed: nobody is told any more.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
        // Somebody who came while this was ending found it still there.
        if (Volatile.Read(ref _waiting) > 0 && !_closing.IsCancellationRequested && Interlocked.Exchange(ref _isLooking, 1) == 0)
            _ = LookAsync();
    }
}

/// <summary>
/// The shadow log in Redis: an incident log under a name of its own, and a list with an entry for each time the candidate changed
/// (instant in ms, tab, name).
/// </summary>
public sealed class RedisShadowLog(RedisLink link) : IShadowLog, IDisposable
{
    private const string Name = "shadow";

    private readonly RedisIncidentLog _incidents = new(link, Name);

    public IIncidentLog Incidents => _incidents;

    public async Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Of a list without an entry nothing is noted, as if it said that no candidate runs.
        return Read((string?)await link.RunAsync(
            RedisScript.Newest, [link.Keys.Runs(Name)], [now.ToUnixTimeMilliseconds(), detector ?? "", ""], CancellationToken.None));
    }

    public async Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation) =>
        Read((string?)await link.AskAsync(d => d.ListGetByIndexAsync(link.Keys.Runs(Name), -1), cancellation));

    public void Dispose() => _incidents.Dispose();

    private static ShadowRun? Read(string? entry) => entry?.Split('\t') is [var since, { Length: > 0 } detector]
        ? new ShadowRun(detector, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(since)))
        : null;
}
