namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>The statements of one incident log: the public one and the shadow's differ in their tables only.</summary>
internal sealed class LogTables
{
    public static readonly LogTables Public = new("events", "incidents");
    public static readonly LogTables Shadow = new("shadow_events", "shadow_incidents");

    // Written out once: statements are looked up by their text.
    private LogTables(string events, string incidents)
    {
        LastPosition = $"SELECT coalesce(max(position), 0) FROM {events}";
        ById = $"SELECT position, body FROM {events} WHERE id = ?";
        Insert = $"INSERT INTO {events} (id, service, incident, body) VALUES (?, ?, ?, ?)";
        Keep = $"INSERT OR REPLACE INTO {incidents} VALUES (?, ?, ?, ?, ?, ?, ?)";
        After = $"SELECT position, body FROM {events} WHERE position > ? ORDER BY position LIMIT ?";
        NewestOfService = $"SELECT position, body FROM {events} WHERE service = ? ORDER BY position DESC LIMIT 1";
        NewestIncident = $"SELECT position, body FROM {events} WHERE service = ? AND incident IS NOT NULL ORDER BY position DESC LIMIT 1";
        OfIncident = $"SELECT position, body FROM {events} WHERE service = ? AND incident = ? ORDER BY position";
        Newest = $"""
            WITH RECURSIVE services (service) AS (
                SELECT min(service) FROM {events}
                UNION ALL
                SELECT (SELECT min(service) FROM {events} WHERE service > services.service) FROM services WHERE service IS NOT NULL)
            SELECT e.position, e.body FROM services
            CROSS JOIN {events} e ON e.position = (SELECT max(position) FROM {events} WHERE service = services.service)
            """;
        Incidents = $"""
            SELECT e.body FROM {incidents} i CROSS JOIN {events} e ON e.position = i.position
            WHERE (?1 IS NULL OR i.service = ?1)
              AND (?2 IS NULL OR instr(i.regions, ?2) > 0)
              AND (?3 IS NULL OR i.state = ?3)
              AND (?4 IS NULL OR i.ended_at IS NULL OR i.ended_at > ?4)
              AND (?5 IS NULL OR i.started_at < ?5)
              AND (?6 IS NULL OR i.started_at < ?6 OR (i.started_at = ?6 AND (i.service, i.number) > (?7, ?8)))
            ORDER BY i.started_at DESC, i.service, i.number LIMIT ?9
            """;
    }

    public string LastPosition { get; }

    public string ById { get; }

    public string Insert { get; }

    /// <summary>Replaces what the derived table says of an incident.</summary>
    public string Keep { get; }

    public string After { get; }

    /// <summary>The newest event of each service, found at the edges of an index instead of by reading the log.</summary>
    public string Newest { get; }

    public string NewestIncident { get; }

    /// <summary>The newest event of one service.</summary>
    public string NewestOfService { get; }

    public string OfIncident { get; }

    public string Incidents { get; }
}
