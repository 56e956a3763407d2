namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// Of which services anything waits in the spool, how much, and whose turn it is to be handed on. A batch is counted before it is written
/// and until it is gone from the file: who finds a service empty may go to the store directly and overtakes nobody.
/// <para>
/// Where every new report goes behind those that wait, a service that is reported all the time would never be empty, however fast it is
/// handed on: there is always one on its way in. So while the store takes what waits, whoever comes waits for the end of its service's
/// turn, and none comes in during that: what is there then is soon handed on, and behind it the way is free.
/// </para>
/// </summary>
internal sealed class SpooledServices
{
    /// <summary>
    /// How long a turn is, and how long somebody waits for one to begin, in real time, as the store's is: long enough for some round trips,
    /// and both together less than a reporter should wait, also with the deadline of a store that hangs just then after one of them.
    /// </summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(75);

    /// <summary>How long a service rests of which something failed.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<ServiceSlug, SpoolQueue> _services = [];
    private TaskCompletionSource _emptied = SpoolQueue.NewSource();
    private long _batches;
    private long _reports;
    private bool _isGoing;

    public SpooledServices(IReadOnlyDictionary<ServiceSlug, (int Batches, int Reports)> waiting)
    {
        _emptied.SetResult();
        foreach (var (service, (batches, reports)) in waiting)
            _ = Change(service, batches, reports);
    }

    public long Batches => Volatile.Read(ref _batches);

    public long Reports => Volatile.Read(ref _reports);

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenEmpty => Volatile.Read(ref _emptied).Task;

    public bool Holds(ServiceSlug service)
    {
        if (Batches == 0)
            return false;
        lock (_gate)
            return _services.ContainsKey(service);
    }

    /// <summary>Counts what comes in, or, below zero, what is gone.</summary>
    /// <returns>True where nothing waited before, or nothing waits any more.</returns>
    public bool Change(ServiceSlug slug, int batches, int reports)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(slug, out var service))
                _services.Add(slug, service = new SpoolQueue(slug));
            service.Batches += batches;
            Volatile.Write(ref _reports, _reports + reports);
            Volatile.Write(ref _batches, _batches + batches);
            if (service.Batches == 0 && _services.Remove(slug))
                service.Release();
            if (_batches == 0)
                return _emptied.TrySetResult();
            if (!_emptied.Task.IsCompleted)
                return false;
            Volatile.Write(ref _emptied, SpoolQueue.NewSource());
            return true;
        }
    }

    /// <summary>The store takes what waits, or does so no longer: then nobody waits for a turn.</summary>
    public void Go(bool isGoing)
    {
        lock (_gate)
        {
            _isGoing = isGoing;
            foreach (var service in _services.Values)
                service.Release();
        }
    }

    /// <summary>Gives the turn to the service that has waited for longest, until <see cref="EndTurn"/>; null where none is due.</summary>
    public SpoolQueue? BeginTurn()
    {
        lock (_gate)
        {
            var next = _services.Values.Where(static s => !s.HasTurn && s.IsDue).MinBy(static s => s.DueAt);
            next?.HasTurn = true;
            return next;
        }
    }

    public void EndTurn(SpoolQueue service, bool rests)
    {
        lock (_gate)
        {
            service.HasTurn = false;
            service.DueAt = Stopwatch.GetTimestamp() + (rests ? (long)(Rest.TotalSeconds * Stopwatch.Frequency) : 0);
            service.Release();
        }
    }

    /// <summary>
    /// Completes when the service's turn, or else its next one, is over, as it is when nothing of it waits any more; or after a while. A
    /// turn that begins while somebody waits for one is waited for as well.
    /// </summary>
    public async ValueTask UntilTurnEndsAsync(ServiceSlug slug)
    {
        var turn = TurnOf(slug, hasBegun: false);
        await turn.WaitAsync(LongestTurn).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // One that takes longer is waited for no more.
        if (turn.IsCompleted)
            await TurnOf(slug, hasBegun: true).WaitAsync(LongestTurn).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task TurnOf(ServiceSlug slug, bool hasBegun)
    {
        if (Batches == 0)
            return Task.CompletedTask;
        lock (_gate)
        {
            var isAwaited = _isGoing && _services.GetValueOrDefault(slug) is { } service && (service.HasTurn || (!hasBegun && service.IsDue));
            return isAwaited ? _services[slug].TurnEnds : Task.CompletedTask;
        }
    }
}

/// <summary>What waits of one service: guarded by the lock of all, but for the pass, which is of whoever has the turn.</summary>
internal sealed class SpoolQueue(ServiceSlug slug)
{
    private TaskCompletionSource _turnEnds = NewSource();

    public ServiceSlug Slug => slug;
    public int Batches { get; set; }

    /// <summary>From when on a turn is worth it.</summary>
    public long DueAt { get; set; } = Stopwatch.GetTimestamp();
    public bool IsDue => DueAt <= Stopwatch.GetTimestamp();
    public bool HasTurn { get; set; }
    public Task TurnEnds => _turnEnds.Task;
    public SpoolPass? Pass { get; set; }

    /// <summary>Lets those go on who wait for the end of a turn.</summary>
    public void Release()
    {
        _turnEnds.SetResult();
        _turnEnds = NewSource();
    }

    public static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
