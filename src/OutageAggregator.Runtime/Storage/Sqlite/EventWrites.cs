using OutageAggregator.Core.Incidents;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>What changes the incident log, on the writer's thread and inside of its transaction.</summary>
internal sealed class EventWrites : IGroupState
{
    private readonly Connection _connection;
    private long _last;

    public EventWrites(Connection connection)
    {
        _connection = connection;
        _last = connection.ReadNumber("SELECT coalesce(max(position), 0) FROM events");
        Accept();
    }

    /// <summary>Tells the readers of the log that it has grown, once that is durable.</summary>
    public AppendSignal Signal { get; } = new();

    public IReadOnlyList<LoggedEvent> Append(IReadOnlyList<IncidentEvent> events)
    {
        var logged = new LoggedEvent[events.Count];
        for (var i = 0; i < logged.Length; i++)
            logged[i] = Find(events[i].Id) ?? Write(events[i]);
        return logged;
    }

    public void Flush(bool isLast)
    {
    }

    public void Accept() => Signal.Raise(_last);

    public void Undo() => _last = Signal.Last;

    private LoggedEvent? Find(string id)
    {
        using var row = _connection.Prepare("SELECT position, body FROM events WHERE id = ?").With(id);
        return row.Step() ? new LoggedEvent(row.Integer(0), StoredEvent.Read(row.Text(1))) : null;
    }

    private LoggedEvent Write(IncidentEvent e)
    {
        _connection.Prepare("INSERT INTO events (id, service, incident, body) VALUES (?, ?, ?, ?)")
            .With(e.Id).With(e.Service.ToString()).With(e.Incident?.Id.Number).With(StoredEvent.Write(e)).Run();
        _last = _connection.LastRowId;
        if (e.Incident is { } incident)
        {
            _connection.Prepare("INSERT OR REPLACE INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?)")
                .With(incident.Id.Service.ToString()).With(incident.Id.Number).With((long)incident.State)
                .With(incident.StartedAt.Number).With(incident.EndedAt?.Number)
                .With(string.Join(' ', incident.Regions)).With(_last).Run();
        }
        return new LoggedEvent(_last, e);
    }
}
