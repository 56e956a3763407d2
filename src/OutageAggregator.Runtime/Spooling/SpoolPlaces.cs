using System.Diagnostics;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// Of which services anything waits in the spool, and how many reports: all that is known of it in memory.
/// <para>
/// A place is taken before a batch is written and left after it is gone from the file, so a service is empty only where nothing of it is on
/// its way in or out: who finds it empty may go to the store directly and overtakes nobody.
/// </para>
/// <para>
/// Where every new report goes behind those that wait, a service that is reported all the time would never be empty, however fast it is
/// handed on: there is always one on its way in. So while the store takes what waits, whoever comes waits for the end of its service's
/// turn, and none comes in during that: what is there then is soon handed on, and behind it the way is free.
/// </para>
/// </summary>
internal sealed class SpoolPlaces
{
    /// <summary>
    /// How long a turn is, and how long somebody waits for one to begin, in real time, as the store's is: long enough for some round trips,
    /// and both together less than a reporter should wait, also with the deadline of a store that hangs just then after one of them.
    /// </summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(75);

    private readonly Lock _gate = new();
    private readonly Dictionary<ServiceSlug, Waiting> _services;
    private TaskCompletionSource _filled = New();
    private TaskCompletionSource _emptied = New();
    private long _batches;
    private long _reports;
    private bool _isGoing;

    public SpoolPlaces(IReadOnlyDictionary<ServiceSlug, (int Batches, int Reports)> waiting)
    {
        _services = waiting.ToDictionary(w => w.Key, w => new Waiting { Batches = w.Value.Batches, Reports = w.Value.Reports });
        _batches = _services.Values.Sum(w => (long)w.Batches);
        _reports = _services.Values.Sum(w => (long)w.Reports);
        (_batches > 0 ? _filled : _emptied).SetResult();
    }

    public long Batches => Volatile.Read(ref _batches);

    public long Reports => Volatile.Read(ref _reports);

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenEmpty
    {
        get
        {
            lock (_gate)
                return _emptied.Task;
        }
    }

    /// <summary>Completes when something waits.</summary>
    public Task WhenFilled
    {
        get
        {
            lock (_gate)
                return _filled.Task;
        }
    }

    /// <summary>True where anything of the service waits.</summary>
    public bool Holds(ServiceSlug service)
    {
        if (Batches == 0)
            return false;
        lock (_gate)
            return _services.ContainsKey(service);
    }

    public List<ServiceSlug> Services()
    {
        lock (_gate)
            return [.. _services.Keys];
    }

    /// <returns>True where nothing waited before.</returns>
    public bool Enter(ServiceSlug service, int reports)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(service, out var waiting))
                _services.Add(service, waiting = new Waiting());
            waiting.Batches++;
            waiting.Reports += reports;
            Volatile.Write(ref _reports, _reports + reports);
            Volatile.Write(ref _batches, _batches + 1);
            if (_batches > 1)
                return false;
            _emptied = New();
            _filled.TrySetResult();
            return true;
        }
    }

    /// <returns>True where nothing waits any more.</returns>
    public bool Leave(ServiceSlug service, int batches, int reports)
    {
        lock (_gate)
        {
            var waiting = _services[service];
            waiting.Batches -= batches;
            waiting.Reports -= reports;
            Volatile.Write(ref _reports, _reports - reports);
            Volatile.Write(ref _batches, _batches - batches);
            if (waiting.Batches == 0)
            {
                _ = _services.Remove(service);
                waiting.EndTurn(rests: false);
            }
            if (_batches > 0)
                return false;
            _filled = New();
            _emptied.TrySetResult();
            return true;
        }
    }

    /// <summary>The store takes what waits, or does so no longer: then nobody waits for a turn.</summary>
    public void Go(bool isGoing)
    {
        lock (_gate)
        {
            _isGoing = isGoing;
            if (isGoing)
                return;
            foreach (var waiting in _services.Values)
                waiting.EndTurn(rests: false);
        }
    }

    /// <summary>The service's batches are handed on from now until <see cref="EndTurn"/>.</summary>
    public void BeginTurn(ServiceSlug service)
    {
        lock (_gate)
        {
            if (_services.TryGetValue(service, out var waiting))
                (waiting.BeganAt, waiting.Rests) = (Stopwatch.GetTimestamp(), false);
        }
    }

    /// <summary>The turn is over, and something waits still.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="rests">True where there is no next one for a while.</param>
    public void EndTurn(ServiceSlug service, bool rests)
    {
        lock (_gate)
            _services.GetValueOrDefault(service)?.EndTurn(rests);
    }

    /// <summary>
    /// Completes when the service's turn, or else its next one, is over, as it is when nothing of it waits any more; or after a while.
    /// </summary>
    public async ValueTask UntilTurnEndsAsync(ServiceSlug service)
    {
        // A turn that begins while somebody waits for one is waited for as well: nobody comes in during it.
        for (var times = 0; times < 2 && TurnOf(service) is { } turn && (times == 0 || turn.HasBegun); times++)
        {
            await turn.End.WaitAsync(turn.Left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (turn.End.IsCompleted)
                return;
        }
    }

    private (Task End, TimeSpan Left, bool HasBegun)? TurnOf(ServiceSlug service)
    {
        if (Batches == 0)
            return null;
        lock (_gate)
        {
            if (!_isGoing || _services.GetValueOrDefault(service) is not { Rests: false } waiting)
                return null;
            waiting.TurnsEnd ??= New();
            var left = waiting.BeganAt is { } beganAt ? LongestTurn - Stopwatch.GetElapsedTime(beganAt) : LongestTurn;
            return left > TimeSpan.Zero ? (waiting.TurnsEnd.Task, left, waiting.BeganAt is not null) : null;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Waiting
    {
        public int Batches { get; set; }

        public int Reports { get; set; }

        public TaskCompletionSource? TurnsEnd { get; set; }

        public long? BeganAt { get; set; }

        public bool Rests { get; set; }

        public void EndTurn(bool rests)
        {
            TurnsEnd?.SetResult();
            (TurnsEnd, BeganAt, Rests) = (null, null, rests);
        }
    }
}
