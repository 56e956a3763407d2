using OutageAggregator.Core.Incidents;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>What changes one incident log, the public one or the shadow's, on the writer's thread and inside of its transaction.</summary>
internal sealed class EventWrites : IGroupState
{
    private readonly Connection _connection;
    private long _last;

    public EventWrites(Connection connection, LogTables tables)
    {
        _connection = connection;
        Tables = tables;
        _last = connection.ReadNumber(tables.LastPosition);
        Accept();
    }

    public LogTables Tables { get; }

    /// <summary>The shadow's events share no commit with counts or real events: what goes wrong with them goes wrong with nothing else.</summary>
    public bool IsAlone => Tables == LogTables.Shadow;

    /// <summary>Tells the readers of the log that it has grown, once that is durable.</summary>
    public AppendSignal Signal { get; } = new();

    public IReadOnlyList<LoggedEvent> Append(IReadOnlyList<IncidentEvent> events)
    {
        var logged = new LoggedEvent[events.Count];
        for (var i = 0; i < logged.Length; i++)
            logged[i] = Find(events[i].Id) ?? Write(events[i]);
        return logged;
    }

    /// <summary>See <see cref="IShadowLog.NoteAsync"/>.</summary>
    public ShadowRun? NoteRun(string? detector, DateTimeOffset now)
    {
        var run = SqliteShadowLog.ReadRun(_connection);
        if (run?.Detector == detector)
            return run;
        _connection.Prepare("INSERT INTO shadow_runs (detector, since) VALUES (?, ?)").With(detector ?? "").With(now.ToUnixTimeMilliseconds()).Run();
        return SqliteShadowLog.ReadRun(_connection);
    }

    public void Flush(bool isLast)
    {
    }

    public void Accept() => Signal.Raise(_last);

    public void Undo() => _last = Signal.Last;

    private LoggedEvent? Find(string id)
    {
        using var row = _connection.Prepare(Tables.ById).With(id);
        return row.Step() ? new LoggedEvent(row.Integer(0), StoredEvent.Read(row.Text(1))) : null;
    }

    private LoggedEvent Write(IncidentEvent e)
    {
        _connection.Prepare(Tables.Insert)
            .With(e.Id).With(e.Service.ToString()).With(e.Incident?.Id.Number).With(StoredEvent.Write(e)).Run();
        _last = _connection.LastRowId;
        if (e.Incident is { } incident)
        {
            _connection.Prepare(Tables.Keep)
                .With(incident.Id.Service.ToString()).With(incident.Id.Number).With((long)incident.State)
                .With(incident.StartedAt.Number).With(incident.EndedAt?.Number)
                .With(string.Join(' ', incident.Regions)).With(_last).Run();
        }
        return new LoggedEvent(_last, e);
    }
}
