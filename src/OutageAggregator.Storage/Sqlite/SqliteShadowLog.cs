using OutageAggregator.Storage.Sqlite.Tables;

namespace OutageAggregator.Storage.Sqlite;

/// <summary>The shadow log in SQLite: tables of its own (<see cref="LogTables.Shadow"/>), and a row for each candidate.</summary>
public sealed class SqliteShadowLog(SqliteStorage storage) : IShadowLog
{
    public IIncidentLog Incidents { get; } = new SqliteIncidentLog(storage, storage.ShadowEvents);

    public Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation) =>
        storage.WriteAsync(() => storage.ShadowEvents.NoteRun(detector, now), cancellation, storage.ShadowEvents.Kind);

    public Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation) => storage.ReadAsync(EventWrites.ReadRun, cancellation);
}
