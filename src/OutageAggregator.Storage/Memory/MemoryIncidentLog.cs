namespace OutageAggregator.Storage.Memory;

/// <summary>The incident log in memory, for tests, replays and trials: it survives nothing.</summary>
public sealed class MemoryIncidentLog : IIncidentLog
{
    private readonly Lock _gate = new();
    private readonly AppendSignal _signal = new();

    // The event at index i has position i + 1.
    private readonly List<LoggedEvent> _events = [];
    private readonly Dictionary<string, LoggedEvent> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<ServiceSlug, LoggedEvent> _newest = [];
    private readonly Dictionary<IncidentId, List<LoggedEvent>> _incidents = [];

    public Task<LogReceipt> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
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
        lock (_gate)
        {
            var skip = (int)Math.Clamp(after, 0, _events.Count);
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(_events.GetRange(skip, Math.Min(limit, _events.Count - skip)));
        }
    }

    public Task<long> LastPositionAsync(CancellationToken cancellation) => Task.FromResult(_signal.Last);

    public Task WaitAsync(long after, CancellationToken cancellation) => _signal.WaitAsync(after, cancellation);

    public Task<IReadOnlyList<LoggedEvent>> ReadNewestAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<LoggedEvent>>([.. _newest.Values.OrderBy(e => e.Event.Service)]);
    }

    public Task<LoggedEvent?> ReadNewestAsync(ServiceSlug service, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_newest.GetValueOrDefault(service));
    }

    public Task<LoggedEvent?> ReadNewestIncidentAsync(ServiceSlug service, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_events.FindLast(e => e.Event.Service == service && e.Event.Incident is not null));
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadIncidentAsync(IncidentId id, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(_incidents.TryGetValue(id, out var events) ? [.. events] : []);
    }

    public Task<IReadOnlyList<Incident>> FindAsync(IncidentQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Limit, Math.Clamp(query.Limit, 1, 1000), nameof(query));
        lock (_gate)
            return Task.FromResult<IReadOnlyList<Incident>>([.. query.Of(_incidents.Values.Select(events => events[^1].Event.Incident!))]);
    }

    private LoggedEvent Write(IncidentEvent incidentEvent)
    {
        var logged = new LoggedEvent(_events.Count + 1, incidentEvent);
        _events.Add(logged);
        _byId.Add(incidentEvent.Id, logged);
        _newest[incidentEvent.Service] = logged;
        if (incidentEvent.Incident is { } incident)
        {
            if (!_incidents.TryGetValue(incident.Id, out var events))
                _incidents.Add(incident.Id, events = []);
            events.Add(logged);
        }
        return logged;
    }
}
