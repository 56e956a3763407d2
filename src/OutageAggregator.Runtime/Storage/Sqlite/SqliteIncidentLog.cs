using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>The incident log in SQLite. Positions are row ids; appends share the commits of the counts.</summary>
public sealed class SqliteIncidentLog(SqliteStorage storage) : IIncidentLog
{
    // The newest event of each service, found at the edges of an index instead of by reading the log.
    private const string Newest = """
        WITH RECURSIVE services (service) AS (
            SELECT min(service) FROM events
            UNION ALL
            SELECT (SELECT min(service) FROM events WHERE service > services.service) FROM services WHERE service IS NOT NULL)
        SELECT e.position, e.body FROM services
        CROSS JOIN events e ON e.position = (SELECT max(position) FROM events WHERE service = services.service)
        """;

    private const string Incidents = """
        SELECT e.body FROM incidents i CROSS JOIN events e ON e.position = i.position
        WHERE (?1 IS NULL OR i.service = ?1)
          AND (?2 IS NULL OR instr(i.regions, ?2) > 0)
          AND (?3 IS NULL OR i.state = ?3)
          AND (?4 IS NULL OR i.ended_at IS NULL OR i.ended_at > ?4)
          AND (?5 IS NULL OR i.started_at < ?5)
          AND (?6 IS NULL OR i.started_at < ?6 OR (i.started_at = ?6 AND (i.service, i.number) > (?7, ?8)))
        ORDER BY i.started_at DESC, i.service, i.number LIMIT ?9
        """;

    public Task<IReadOnlyList<LoggedEvent>> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        return cancellation.IsCancellationRequested
            ? Task.FromCanceled<IReadOnlyList<LoggedEvent>>(cancellation)
            : storage.WriteAsync(() => storage.Events.Append(events));
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return storage.ReadAsync(
            connection => Read(connection.Prepare("SELECT position, body FROM events WHERE position > ? ORDER BY position LIMIT ?")
                .With(after).With(limit)),
            cancellation);
    }

    public Task<long> LastPositionAsync(CancellationToken cancellation) => Task.FromResult(storage.Events.Signal.Last);

    public Task WaitAsync(long after, CancellationToken cancellation) => storage.Events.Signal.WaitAsync(after, cancellation);

    public Task<IReadOnlyList<LoggedEvent>> ReadNewestAsync(CancellationToken cancellation) =>
        storage.ReadAsync(connection => Read(connection.Prepare(Newest)), cancellation);

    public async Task<LoggedEvent?> ReadNewestIncidentAsync(ServiceSlug service, CancellationToken cancellation)
    {
        var newest = await storage.ReadAsync(
            connection => Read(connection.Prepare(
                "SELECT position, body FROM events WHERE service = ? AND incident IS NOT NULL ORDER BY position DESC LIMIT 1")
                .With(service.ToString())),
            cancellation);
        return newest.Count == 0 ? null : newest[0];
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadIncidentAsync(IncidentId id, CancellationToken cancellation) =>
        storage.ReadAsync(
            connection => Read(connection.Prepare("SELECT position, body FROM events WHERE service = ? AND incident = ? ORDER BY position")
                .With(id.Service.ToString()).With(id.Number)),
            cancellation);

    public Task<IReadOnlyList<Incident>> FindAsync(IncidentQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Limit, Math.Clamp(query.Limit, 1, 1000), nameof(query));
        var region = query.Region == Region.World ? null : query.Region;
        return storage.ReadAsync<IReadOnlyList<Incident>>(
            connection =>
            {
                using var rows = connection.Prepare(Incidents)
                    .With(query.Service?.ToString()).With(region?.ToString()).With((long?)query.State)
                    .With(query.From?.Number).With(query.To?.Number)
                    .With(query.After?.StartedAt.Number).With(query.After?.Id.Service.ToString()).With(query.After?.Id.Number)
                    .With(query.Limit);
                var incidents = new List<Incident>();
                while (rows.Step())
                    incidents.Add(StoredEvent.Read(rows.Text(0)).Incident!);
                return incidents;
            },
            cancellation);
    }

    private static IReadOnlyList<LoggedEvent> Read(Statement rows)
    {
        using (rows)
        {
            var events = new List<LoggedEvent>();
            while (rows.Step())
                events.Add(new LoggedEvent(rows.Integer(0), StoredEvent.Read(rows.Text(1))));
            return events;
        }
    }
}
