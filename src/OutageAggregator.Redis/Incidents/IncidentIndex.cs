using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Redis.Incidents;

/// <summary>
/// What the log says, in the order in which questions are asked. Derived: made from the events alone, in the order of their positions. It
/// holds the newest event of each service and each incident, and the positions of the others: a kilobyte an incident. Not safe for concurrent use.
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

    public LoggedEvent? NewestIncident(ServiceSlug service) => _newestIncidents.GetValueOrDefault(service);

    public IReadOnlyList<long> PositionsOf(IncidentId id) => _incidents.TryGetValue(id, out var known) ? [.. known.Positions] : [];

    public IReadOnlyList<Incident> Find(IncidentQuery query) =>
    [
        .. _incidents.Values.Select(i => i.Newest)
            .Where(incident => Matches(incident, query))
            .OrderByDescending(i => i.StartedAt).ThenBy(i => i.Service).ThenBy(i => i.Id.Number)
            .Take(query.Limit),
    ];

    private static bool Matches(Incident incident, IncidentQuery query) =>
        (query.Service is null || incident.Service == query.Service)
        && (query.Region is null || query.Region == Region.World || incident.Regions.Contains(query.Region.Value))
        && (query.State is null || incident.State == query.State)
        && (query.From is null || incident.EndedAt is null || incident.EndedAt > query.From)
        && (query.To is null || incident.StartedAt < query.To)
        && (query.After is null || ComesAfter(incident, query.After.Value));

    private static bool ComesAfter(Incident incident, IncidentPlace place)
    {
        if (incident.StartedAt != place.StartedAt)
            return incident.StartedAt < place.StartedAt;
        var byService = incident.Service.CompareTo(place.Id.Service);
        return byService > 0 || (byService == 0 && incident.Id.Number > place.Id.Number);
    }
}
