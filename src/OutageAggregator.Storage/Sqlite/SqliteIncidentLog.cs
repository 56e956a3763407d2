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

    public Task<LogReceipt> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        return cancellation.IsCancellationRequested
            ? Task.FromCanceled<LogReceipt>(cancellation)
            : _storage.WriteAsync(() => _events.Append(events), _events.Kind);
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _storage.ReadAsync(
            connection => Read(connection.Prepare(_events.Tables.After).With(after).With(limit)),
            cancellation);
    }

    public Task<long> LastPositionAsync(CancellationToken cancellation) =>
        _events.IsKnown ? Task.FromResult(_events.Signal.Last) : _storage.WriteAsync(_events.Know, _events.Kind).WaitAsync(cancellation);

    public async Task WaitAsync(long after, CancellationToken cancellation)
    {
        _ = await LastPositionAsync(cancellation);
        await _events.Signal.WaitAsync(after, cancellation);
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadNewestAsync(CancellationToken cancellation) =>
        _storage.ReadAsync(connection => Read(connection.Prepare(_events.Tables.Newest)), cancellation);

    public Task<LoggedEvent?> ReadNewestAsync(ServiceSlug service, CancellationToken cancellation) =>
        ReadOneAsync(_events.Tables.NewestOfService, service, cancellation);

    public Task<LoggedEvent?> ReadNewestIncidentAsync(ServiceSlug service, CancellationToken cancellation) =>
        ReadOneAsync(_events.Tables.NewestIncident, service, cancellation);

    private async Task<LoggedEvent?> ReadOneAsync(string statement, ServiceSlug service, CancellationToken cancellation)
    {
        var found = await _storage.ReadAsync(connection => Read(connection.Prepare(statement).With(service.ToString())), cancellation);
        return found.Count == 0 ? null : found[0];
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadIncidentAsync(IncidentId id, CancellationToken cancellation) =>
        _storage.ReadAsync(
            connection => Read(connection.Prepare(_events.Tables.OfIncident).With(id.Service.ToString()).With(id.Number)),
            cancellation);

    public Task<IReadOnlyList<Incident>> FindAsync(IncidentQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Limit, Math.Clamp(query.Limit, 1, 1000), nameof(query));
        var region = query.Region == Region.World ? null : query.Region;
        return _storage.ReadAsync<IReadOnlyList<Incident>>(
            connection =>
            {
                using var rows = connection.Prepare(_events.Tables.Incidents)
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
