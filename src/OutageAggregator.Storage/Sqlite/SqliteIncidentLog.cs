using OutageAggregator.Storage.Sqlite.Database;
using OutageAggregator.Storage.Sqlite.Tables;

namespace OutageAggregator.Storage.Sqlite;

/// <summary>The incident log in SQLite. Positions are row ids; appends to the public one share the commits of the counts.</summary>
public sealed class SqliteIncidentLog : IIncidentLog
{
    private readonly SqliteStorage _storage;
    private readonly EventWrites _events;

    public SqliteIncidentLog(SqliteStorage storage) => (_storage, _events) = (storage, storage.Events);

    internal SqliteIncidentLog(SqliteStorage storage, EventWrites events) => (_storage, _events) = (storage, events);

    public Task<LogReceipt> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation) =>
        _storage.WriteAsync(() => _events.Append(events), cancellation, _events.Kind);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ReadAsync(connection => connection.Prepare(_events.Tables.After).With(after).With(limit), cancellation);
    }

    public Task<long> LastPositionAsync(CancellationToken cancellation) => _events.IsKnown
        ? Task.FromResult(_events.Signal.Last)
        : _storage.WriteAsync(_events.Know, cancellation, _events.Kind).WaitAsync(cancellation);

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
        return _storage.ReadAsync<IReadOnlyList<Incident>>(
            connection => connection.Prepare(_events.Tables.Incidents)
                .With(query.Service?.ToString()).With(region?.ToString()).With((long?)query.State)
                .With(query.From?.Number).With(query.To?.Number)
                .With(query.After?.StartedAt.Number).With(query.After?.Id.Service.ToString()).With(query.After?.Id.Number).With(query.Limit)
                .All(row => StoredEvent.Read(row.Text(0)).Incident!),
            cancellation);
    }

    private Task<IReadOnlyList<LoggedEvent>> ReadAsync(Func<Connection, Statement> select, CancellationToken cancellation) =>
        _storage.ReadAsync<IReadOnlyList<LoggedEvent>>(connection => select(connection).All(EventWrites.Read), cancellation);
}
