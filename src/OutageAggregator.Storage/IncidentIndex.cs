namespace OutageAggregator.Storage;

/// <summary>
/// What the log says, in the order in which questions are asked. Derived: made from the events alone, in the order of their positions. It
/// holds the newest event of each service and each incident, and the positions of the others: a kilobyte an incident. Not safe for
/// concurrent use.
/// </summary>
internal sealed class IncidentIndex
{
    private readonly Dictionary<ServiceSlug, LoggedEvent> _newest = [];
    private readonly Dictionary<ServiceSlug, LoggedEvent> _newestIncidents = [];
    private readonly Dictionary<IncidentId, (Incident Newest, List<long> Positions)> _incidents = [];

    /// <summary>Position of the newest event taken in.</summary>
    public long Last { get; private set; }

    public void Add(LoggedEvent logged)
    {
        Last = logged.Position;
        var happened = logged.Event;
        _newest[happened.Service] = logged;
        if (happened.Incident is not { } incident)
            return;
        _newestIncidents[happened.Service] = logged;
        var positions = _incidents.TryGetValue(incident.Id, out var known) ? known.Positions : [];
        positions.Add(logged.Position);
        _incidents[incident.Id] = (incident, positions);
    }

    public IReadOnlyList<LoggedEvent> Newest() => [.. _newest.Values.OrderBy(e => e.Event.Service)];
    public LoggedEvent? Newest(ServiceSlug service) => _newest.GetValueOrDefault(service);
    public LoggedEvent? NewestIncident(ServiceSlug service) => _newestIncidents.GetValueOrDefault(service);
    public IReadOnlyList<long> PositionsOf(IncidentId id) => _incidents.TryGetValue(id, out var known) ? [.. known.Positions] : [];
    public IReadOnlyList<Incident> Find(IncidentQuery query) => [.. query.Of(_incidents.Values.Select(i => i.Newest))];
}
