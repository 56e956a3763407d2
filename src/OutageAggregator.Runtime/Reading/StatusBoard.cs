namespace OutageAggregator.Runtime.Reading;

/// <summary>What the incident log says of one service.</summary>
/// <param name="Newest">Its newest event.</param>
/// <param name="Elevated">
/// Stretches that were elevated without an incident (yet), ascending; the last one is open where it lasts. The newest
/// <see cref="StatusBoard.KeptStretches"/> at most.
/// </param>
/// <param name="Incident">Its newest incident, open or over, as far back as events are folded.</param>
internal sealed record ServiceState(LoggedEvent Newest, ImmutableArray<ElevatedStretch> Elevated, Incident? Incident)
{
    // What still comes in after an outage is its tail, for so long at least.
    private static readonly TimeSpan s_tail = TimeSpan.FromHours(1);

    public ServiceStatus Status => Newest.Event.Status;

    public Incident? OpenIncident => Newest.Event.Incident is { State: IncidentState.Open } incident ? incident : null;

    /// <summary>The incident that is over for no more than an hour, and whose tail still comes in; null where there is none.</summary>
    public Incident? JustOver(DateTimeOffset now) => Incident is { ResolvedAt: { } over } && now - over < s_tail ? Incident : null;

    public bool IsRecovering => OpenIncident is { Phases: [.., { Kind: PhaseKind.Recovery }] };

    /// <summary>
    /// When the status began: of an open incident the onset of its newest surge, of a resolved one its end, else the event itself.
    /// </summary>
    public DateTimeOffset Since => Newest.Event.Incident switch
    {
        { State: IncidentState.Open } open =>
            open.Phases.Where(p => p.Kind == PhaseKind.Recurrence).Select(p => p.From).LastOrDefault(open.StartedAt).Start,
        { EndedAt: { } ended } => ended.Start,
        _ => Newest.Event.At,
    };
}

/// <summary>[From, To); To is null while it lasts.</summary>
internal readonly record struct ElevatedStretch(Minute From, Minute? To);

/// <summary>
/// The incident log folded to one state a service, kept in step by reading what was appended since: asking again costs a
/// look at the log's last position. Stretches that were elevated without ever becoming an incident are no incident's phase;
/// charts show them as far back as the newest <see cref="FoldedEvents"/> events, which bounds the first fold.
/// </summary>
public sealed class StatusBoard
{
    /// <summary>How many of the log's newest positions the first fold reads.</summary>
    internal const int FoldedEvents = 10_000;

    /// <summary>How many elevated stretches are kept per service.</summary>
    internal const int KeptStretches = 64;

    private const int PageSize = 1_000;

    private readonly IIncidentLog _log;
    private readonly SemaphoreSlim _folding = new(1, 1);
    private volatile Board? _board;

    public StatusBoard(IIncidentLog log, IMeterFactory? meters = null)
    {
        _log = log;
        _ = meters.OfOutages()?.CreateObservableGauge("outage.incidents.open", CountOpen, "{incident}", "Incidents that are open, as the log was read last.");
    }

    /// <summary>The states as the log stands now, or as it was last known where it can't be read, and the position they stand at.</summary>
    internal async ValueTask<Board> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await LookAsync(cancellation);
        }
        catch (StoreUnavailableException) when (_board is not null)
        {
            return _board;
        }
    }

    private async ValueTask<Board> LookAsync(CancellationToken cancellation)
    {
        var last = await _log.LastPositionAsync(cancellation);
        if (_board is { } current && current.Position >= last)
            return current;
        await _folding.WaitAsync(cancellation);
        try
        {
            var board = _board;
            if (board is null || board.Position < last)
                _board = board = await FoldAsync(board, last, cancellation);
            return board;
        }
        finally
        {
            _ = _folding.Release();
        }
    }

    private async Task<Board> FoldAsync(Board? board, long last, CancellationToken cancellation)
    {
        var states = (board?.States ?? ImmutableDictionary<ServiceSlug, ServiceState>.Empty).ToBuilder();
        var position = board?.Position ?? Math.Max(0, last - FoldedEvents);
        if (board is null)
        {
            // Services whose newest event lies before the stretch that is folded.
            foreach (var logged in (await _log.ReadNewestAsync(cancellation)).Where(l => l.Position <= position))
                states[logged.Event.Service] = Next(null, logged);
        }
        while (position < last)
        {
            var page = await _log.ReadAsync(position, PageSize, cancellation);
            if (page.Count == 0)
                break;
            foreach (var logged in page)
                states[logged.Event.Service] = Next(states.GetValueOrDefault(logged.Event.Service), logged);
            position = page[^1].Position;
        }
        return new Board(Math.Max(position, last), states.ToImmutable());
    }

    private long CountOpen() => _board?.States.Values.Count(s => s.OpenIncident is not null) ?? 0;

    private static ServiceState Next(ServiceState? before, LoggedEvent logged)
    {
        var stretches = before?.Elevated ?? [];
        var minute = Minute.Of(logged.Event.At);
        if (stretches is [.., { To: null } open])
            stretches = stretches.SetItem(stretches.Length - 1, open with { To = minute });
        if (logged.Event is { Kind: IncidentEventKind.Elevated })
        {
            if (stretches.Length >= KeptStretches)
                stretches = stretches.RemoveAt(0);
            stretches = stretches.Add(new ElevatedStretch(minute, null));
        }
        return new ServiceState(logged, stretches, logged.Event.Incident ?? before?.Incident);
    }

    internal sealed record Board(long Position, ImmutableDictionary<ServiceSlug, ServiceState> States)
    {
        public ServiceState? Of(ServiceSlug service) => States.GetValueOrDefault(service);
    }
}

/// <summary>What the numbers say of what the log says.</summary>
/// <param name="Faded">What the log calls elevated and the numbers don't.</param>
/// <param name="Over">Whose incident is over for an hour at most, with nothing new that stands out.</param>
/// <param name="Later">The history of those that were listed while others were counted already.</param>
internal sealed record Marks(
    ImmutableHashSet<ServiceSlug> Faded, ImmutableHashSet<ServiceSlug> Over, ImmutableDictionary<ServiceSlug, History> Later);

/// <summary>How things stand, as far as counts of a certain age tell.</summary>
internal readonly record struct Present(DateTimeOffset At, Freshness Age, History History, StatusBoard.Board Board, Marks Marks)
{
    internal ImmutableHashSet<ServiceSlug> Over => Marks.Over;

    internal History HistoryOf(ServiceSlug service) => Marks.Later.TryGetValue(service, out var own) ? own : History;

    internal ServiceStatus StatusOf(ServiceSlug service) =>
        Situation.StatusOf(Board.Of(service), Age, HistoryOf(service)) is var status
        && status == ServiceStatus.Elevated && Marks.Faded.Contains(service) ? ServiceStatus.Normal : status;

    // Of a family its members', too.
    internal IEnumerable<Incident> JustOver(Service service)
    {
        foreach (var slug in service.Members.Prepend(service.Slug))
        {
            if (Board.Of(slug) is { OpenIncident: null } state && state.JustOver(At) is { } over)
                yield return over;
        }
    }

    internal ServiceStatus StatusOf(Service service)
    {
        var worst = StatusOf(service.Slug);
        foreach (var member in service.Members)
        {
            if (StatusOf(member) is var status && ServiceReader.Badness(status) > ServiceReader.Badness(worst))
                worst = status;
        }
        return worst;
    }

    // Of a family where any is, and none of the others stands out.
    internal bool IsJustOver(Service service)
    {
        var isOver = false;
        foreach (var slug in service.Members.Prepend(service.Slug))
        {
            if (Over.Contains(slug))
                isOver = true;
            else if (StatusOf(slug) is ServiceStatus.Elevated or ServiceStatus.Outage)
                return false;
        }
        return isOver;
    }
}
