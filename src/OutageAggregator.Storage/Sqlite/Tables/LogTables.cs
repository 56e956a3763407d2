namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>The statements of one incident log: the public one and the shadow's differ in their tables only.</summary>
// Written out once: statements are looked up by their text.
internal sealed class LogTables(string events, string incidents)
{
    public static readonly LogTables Public = new("events", "incidents");
    public static readonly LogTables Shadow = new("shadow_events", "shadow_incidents");

    public string LastPosition { get; } = $"SELECT coalesce(max(position), 0) FROM {events}";
    public string ById { get; } = $"SELECT position, body FROM {events} WHERE id = ?";
    public string Insert { get; } = $"INSERT INTO {events} (id, service, incident, body) VALUES (?, ?, ?, ?) RETURNING position";

    /// <summary>Replaces what the derived table says of an incident.</summary>
    public string Keep { get; } = $"INSERT OR REPLACE INTO {incidents} VALUES (?, ?, ?, ?, ?, ?, ?)";

    public string After { get; } = $"SELECT position, body FROM {events} WHERE position > ? ORDER BY position LIMIT ?";
    public string OfIncident { get; } = $"SELECT position, body FROM {events} WHERE service = ? AND incident = ? ORDER BY position";
    public string NewestOfService { get; } = $"SELECT position, body FROM {events} WHERE service = ? ORDER BY position DESC LIMIT 1";
    public string NewestIncident { get; } =
        $"SELECT position, body FROM {events} WHERE service = ? AND incident IS NOT NULL ORDER BY position DESC LIMIT 1";

    /// <summary>The newest event of each service, found at the edges of an index instead of by reading the log.</summary>
    public string Newest { get; } = $"""
        WITH RECURSIVE services (service) AS (
            SELECT min(service) FROM {events}
            UNION ALL
            SELECT (SELECT min(service) FROM {events} WHERE service > services.service) FROM services WHERE service IS NOT NULL)
        SELECT e.position, e.body FROM services
        CROSS JOIN {events} e ON e.position = (SELECT max(position) FROM {events} WHERE service = services.service)
        """;

    public string Incidents { get; } = $"""
        SELECT e.body FROM {incidents} i CROSS JOIN {events} e ON e.position = i.position
        WHERE (?1 IS NULL OR instr(?1, ' ' || i.service || ' ') > 0)
          AND (?2 IS NULL OR instr(i.regions, ?2) > 0)
          AND (?3 IS NULL OR i.state = ?3)
          AND (?4 IS NULL OR i.ended_at IS NULL OR i.ended_at > ?4)
          AND (?5 IS NULL OR i.started_at < ?5)
          AND (?6 IS NULL OR i.started_at < ?6 OR (i.started_at = ?6 AND (i.service, i.number) > (?7, ?8)))
        ORDER BY i.started_at DESC, i.service, i.number LIMIT ?9
        """;
}
