using OutageAggregator.Storage.Sqlite.Tables;

namespace OutageAggregator.Storage.Sqlite;

/// <summary>The incident log in SQLite. Positions are row ids; appends to the public one share the commits of the counts.</summary>
/// <param name="storage">The database.</param>
/// <param name="isShadow">True for the shadow's.</param>
public sealed class SqliteIncidentLog(SqliteStorage storage, bool isShadow = false) : IIncidentLog
{
    private readonly EventWrites _events = isShadow ? storage.ShadowEvents : storage.Events;

    public Task<LogReceipt> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation) =>
        storage.WriteAsync(() => _events.Append(events), cancellation, _events.Kind);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ReadAsync(connection => connection.Prepare(_events.Tables.After).With(after).With(limit), cancellation);
    }

    public Task<long> LastPositionAsync(CancellationToken cancellation) => _events.IsKnown
        ? Task.FromResult(_events.Signal.Last)
        : storage.WriteAsync(_events.Know, cancellation, _events.Kind).WaitAsync(cancellation);

    public async Task WaitAsync(long after, CancellationToken cancellation)
    {
        _ = await LastPositionAsync(cancellation);
        await _events.Signal.WaitAsync(after, cancellation);
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadNewestAsync(CancellationToken cancellation) =>
        ReadAsync(connection => connection.Prepare(_events.Tables.Newest), cancellation);

    public async Task<LoggedEvent?> ReadNewestAsync(ServiceSlug service, CancellationToken cancellation) =>
        (await ReadAsync(c => c.Prepare(_events.Tables.NewestOfService).With(service.ToString()), cancellation)).FirstOrDefault();

    public async Task<LoggedEvent?> ReadNewestIncidentAsync(ServiceSlug service, CancellationToken cancellation) =>
        (await ReadAsync(c => c.Prepare(_events.Tables.NewestIncident).With(service.ToString()), cancellation)).FirstOrDefault();

    public Task<IReadOnlyList<LoggedEvent>> ReadIncidentAsync(IncidentId id, CancellationToken cancellation) =>
        ReadAsync(connection => connection.Prepare(_events.Tables.OfIncident).With(id.Service.ToString()).With(id.Number), cancellation);

    public Task<IReadOnlyList<Incident>> FindAsync(IncidentQuery query, CancellationToken cancellation)
    {
        var region = query.Region == Region.World ? null : query.Region;
        return storage.ReadAsync<IReadOnlyList<Incident>>(
            connection => connection.Prepare(_events.Tables.Incidents)
                .With(query.Service is { } service
                    ? $" {string.Join(' ', query.Members.Prepend(service))} " : null).With(region?.ToString()).With((long?)query.State)
                .With(query.From?.Number).With(query.To?.Number)
                .With(query.After?.StartedAt.Number).With(query.After?.Id.Service.ToString()).With(query.After?.Id.Number).With(query.Limit)
                .All(row => StoredEvent.Read(row.Text(0)).Incident!),
            cancellation);
    }

    private Task<IReadOnlyList<LoggedEvent>> ReadAsync(Func<Connection, Statement> select, CancellationToken cancellation) =>
        storage.ReadAsync<IReadOnlyList<LoggedEvent>>(connection => select(connection).All(EventWrites.Read), cancellation);
}

/// <summary>The shadow log in SQLite: tables of its own (<see cref="LogTables.Shadow"/>), and a row for each change of the candidate.</summary>
public sealed class SqliteShadowLog(SqliteStorage storage) : IShadowLog
{
    public IIncidentLog Incidents { get; } = new SqliteIncidentLog(storage, isShadow: true);

    public Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation) =>
        storage.WriteAsync(() => storage.ShadowEvents.NoteRun(detector, now), cancellation, storage.ShadowEvents.Kind);

    public Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation) => storage.ReadAsync(EventWrites.ReadRun, cancellation);
}

/// <summary>Cursors in SQLite: a row each; what is saved shares the commits of the counts.</summary>
public sealed class SqliteCursorStore(SqliteStorage storage) : ICursorStore
{
    public Task<long?> ReadAsync(string consumer, CancellationToken cancellation) => storage.ReadAsync(
        connection => connection.Prepare("SELECT position FROM cursors WHERE consumer = ?").With(consumer)
            .First<long?>(row => row.Integer(0)),
        cancellation);

    public Task SaveAsync(string consumer, long position, CancellationToken cancellation) => storage.WriteAsync(
        connection => connection.Prepare("INSERT INTO cursors VALUES (?1, ?2) ON CONFLICT (consumer) DO UPDATE SET position = max(position, ?2)")
            .With(consumer).With(position).Run(),
        cancellation);
}
