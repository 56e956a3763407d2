namespace OutageAggregator.Storage.Memory;

/// <summary>The incident log in memory, for tests, replays and trials: it survives nothing.</summary>
public sealed class MemoryIncidentLog : IIncidentLog
{
    private readonly Lock _gate = new();
    private readonly AppendSignal _signal = new();

    // The event at index i has position i + 1.
    private readonly List<LoggedEvent> _events = [];
    private readonly Dictionary<string, LoggedEvent> _byId = new(StringComparer.Ordinal);
    private readonly IncidentIndex _index = new();

    public Task<LogReceipt> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (var planned in events)
            {
                if (_byId.TryGetValue(planned.Id, out var known) && !StoredEvent.AreSame(known.Event, planned))
                    return Task.FromResult(new LogReceipt([], known));
            }
            LoggedEvent[] logged = [.. events.Select(e => _byId.TryGetValue(e.Id, out var known) ? known : Write(e))];
            _signal.Raise(_events.Count);
            return Task.FromResult(new LogReceipt(logged));
        }
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return Ask<IReadOnlyList<LoggedEvent>>(_ =>
        {
            var skip = (int)Math.Clamp(after, 0, _events.Count);
            return _events.GetRange(skip, Math.Min(limit, _events.Count - skip));
        });
    }

    public Task<long> LastPositionAsync(CancellationToken cancellation) => Task.FromResult(_signal.Last);

    public Task WaitAsync(long after, CancellationToken cancellation) => _signal.WaitAsync(after, cancellation);

    public Task<IReadOnlyList<LoggedEvent>> ReadNewestAsync(CancellationToken cancellation) => Ask(index => index.Newest());

    public Task<LoggedEvent?> ReadNewestAsync(ServiceSlug service, CancellationToken cancellation) => Ask(index => index.Newest(service));

    public Task<LoggedEvent?> ReadNewestIncidentAsync(ServiceSlug service, CancellationToken cancellation) =>
        Ask(index => index.NewestIncident(service));

    public Task<IReadOnlyList<LoggedEvent>> ReadIncidentAsync(IncidentId id, CancellationToken cancellation) =>
        Ask<IReadOnlyList<LoggedEvent>>(index => [.. index.PositionsOf(id).Select(position => _events[(int)position - 1])]);

    public Task<IReadOnlyList<Incident>> FindAsync(IncidentQuery query, CancellationToken cancellation) => Ask(index => index.Find(query));

    private Task<T> Ask<T>(Func<IncidentIndex, T> ask)
    {
        lock (_gate)
            return Task.FromResult(ask(_index));
    }

    private LoggedEvent Write(IncidentEvent incidentEvent)
    {
        var logged = new LoggedEvent(_events.Count + 1, incidentEvent);
        _events.Add(logged);
        _byId.Add(incidentEvent.Id, logged);
        _index.Add(logged);
        return logged;
    }
}

/// <summary>The shadow log in memory: a second incident log, and the run that goes on.</summary>
public sealed class MemoryShadowLog : IShadowLog
{
    private readonly Lock _gate = new();
    private ShadowRun? _run;

    public IIncidentLog Incidents { get; } = new MemoryIncidentLog();

    public Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_run?.Detector != detector)
                _run = detector is null ? null : new ShadowRun(detector, now);
            return Task.FromResult(_run);
        }
    }

    public Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_run);
    }
}

/// <summary>Cursors in memory, for tests and trials: they survive nothing, as the log beside them.</summary>
public sealed class MemoryCursorStore : ICursorStore
{
    private readonly ConcurrentDictionary<string, long> _positions = new(StringComparer.Ordinal);

    public Task<long?> ReadAsync(string consumer, CancellationToken cancellation) =>
        Task.FromResult<long?>(_positions.TryGetValue(consumer, out var position) ? position : null);

    public Task SaveAsync(string consumer, long position, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _ = _positions.AddOrUpdate(consumer, position, (_, saved) => Math.Max(saved, position));
        return Task.CompletedTask;
    }
}
