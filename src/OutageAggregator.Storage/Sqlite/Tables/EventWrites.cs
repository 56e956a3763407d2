namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>What changes one incident log, the public one or the shadow's, on the writer's thread and inside of its transaction.</summary>
internal sealed class EventWrites : IGroupState
{
    private readonly Connection _connection;

    // Null until somebody asks or writes: a table that can't be read fails those who need it, and not the start.
    private long? _last;
    private volatile bool _isKnown;

    public EventWrites(Connection connection, LogTables tables) => (_connection, Tables) = (connection, tables);

    public LogTables Tables { get; }

    /// <summary>What the log's writes share a commit with.</summary>
    public WriteKind Kind => Tables == LogTables.Shadow ? WriteKind.Shadow : WriteKind.Live;

    /// <summary>What was found damaged in its tables at the start: nothing is written to them then. Null where they are whole.</summary>
    public string? Damage { get; init; }

    /// <summary>True when the signal knows the newest position. May be asked on any thread.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>Tells the readers of the log that it has grown, once that is durable.</summary>
    public AppendSignal Signal { get; } = new();

    /// <summary>The newest position, read where it is not known yet; <see cref="Signal"/> knows it with the commit.</summary>
    public long Know() => _last ??= _connection.ReadNumber(Tables.LastPosition);

    public LogReceipt Append(IReadOnlyList<IncidentEvent> events)
    {
        ThrowIfDamaged();
        foreach (var planned in events)
        {
            if (Find(planned.Id) is { } known && !StoredEvent.AreSame(known.Event, planned))
                return new LogReceipt([], known);
        }
        return new LogReceipt([.. events.Select(e => Find(e.Id) ?? Write(e))]);
    }

    public ShadowRun? NoteRun(string? detector, DateTimeOffset now)
    {
        ThrowIfDamaged();
        var run = ReadRun(_connection);
        if (run?.Detector == detector)
            return run;
        _connection.Prepare("INSERT INTO shadow_runs (detector, since) VALUES (?, ?)").With(detector ?? "").With(now.ToUnixTimeMilliseconds()).Run();
        return ReadRun(_connection);
    }

    /// <summary>The candidate that was noted last; null where there is none.</summary>
    internal static ShadowRun? ReadRun(Connection connection) =>
        connection.Prepare("SELECT detector, since FROM shadow_runs ORDER BY number DESC LIMIT 1").First(newest =>
            newest.Text(0) is { Length: > 0 } detector
                ? new ShadowRun(detector, newest.Instant(1))
                : null);

    internal static LoggedEvent Read(Statement row) => new(row.Integer(0), StoredEvent.Read(row.Text(1)));

    public void Accept()
    {
        if (_last is not { } last)
            return;
        Signal.Raise(last);
        _isKnown = true;
    }

    public void Undo() => _last = _isKnown ? Signal.Last : null;

    private void ThrowIfDamaged()
    {
        if (Damage is not null)
            throw new InvalidDataException(Damage);
    }

    private LoggedEvent? Find(string id) => _connection.Prepare(Tables.ById).With(id).First(Read);

    private LoggedEvent Write(IncidentEvent e)
    {
        var position = _connection.Prepare(Tables.Insert)
            .With(e.Id).With(e.Service.ToString()).With(e.Incident?.Id.Number).With(StoredEvent.Write(e)).First(row => row.Integer(0));
        _last = position;
        if (e.Incident is { } incident)
        {
            _connection.Prepare(Tables.Keep)
                .With(incident.Id.Service.ToString()).With(incident.Id.Number).With((long)incident.State).With(incident.StartedAt.Number)
                .With(incident.EndedAt?.Number).With(string.Join(' ', incident.Regions)).With(position).Run();
        }
        return new LoggedEvent(position, e);
    }
}
