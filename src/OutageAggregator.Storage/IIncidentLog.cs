namespace OutageAggregator.Storage;

/// <summary>
/// The incident log: append-only, the one source for pages, live events, feeds and webhooks, each of which reads it with a cursor of its
/// own.
/// </summary>
public interface IIncidentLog
{
    /// <summary>
    /// Appends a plan's events in order, durably, in one step: all of them or none. An event that is there already under its id is a
    /// repetition and not written again. Where the log holds another event under one of the ids, the plan continues a history that did
    /// not happen, and none of it is written.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was written, or it is not known: plan again and append the same ids.</exception>
    Task<LogReceipt> AppendAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellation);

    /// <summary>Events with a position above <paramref name="after"/>, ascending, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int limit, CancellationToken cancellation);

    /// <summary>Position of the newest event; 0 where the log is empty.</summary>
    Task<long> LastPositionAsync(CancellationToken cancellation);

    /// <summary>Completes when the log may hold a position above <paramref name="after"/>; may complete early, never misses one.</summary>
    Task WaitAsync(long after, CancellationToken cancellation);

    /// <summary>The newest event of each service that has any.</summary>
    Task<IReadOnlyList<LoggedEvent>> ReadNewestAsync(CancellationToken cancellation);

    /// <summary>The newest event of one service, or null.</summary>
    Task<LoggedEvent?> ReadNewestAsync(ServiceSlug service, CancellationToken cancellation);

    /// <summary>
    /// The newest event of one service that carries an incident, or null: what a watch continues from together with the newest event.
    /// </summary>
    Task<LoggedEvent?> ReadNewestIncidentAsync(ServiceSlug service, CancellationToken cancellation);

    /// <summary>All events of one incident, ascending; empty where there is no such incident.</summary>
    Task<IReadOnlyList<LoggedEvent>> ReadIncidentAsync(IncidentId id, CancellationToken cancellation);

    /// <summary>Incidents as they stand now, the latest onset first.</summary>
    Task<IReadOnlyList<Incident>> FindAsync(IncidentQuery query, CancellationToken cancellation);
}

/// <summary>The log's answer to a plan.</summary>
/// <param name="Events">Its events with their positions, in order; none where it was refused.</param>
/// <param name="Conflict">The first event that the log holds instead of one of the plan's; null where the plan is in the log.</param>
public sealed record LogReceipt(IReadOnlyList<LoggedEvent> Events, LoggedEvent? Conflict = null);

/// <summary>Which incidents to find; null means any.</summary>
/// <param name="Service">Of one service.</param>
/// <param name="Region">That name this region; <see cref="Core.Services.Region.World"/> is any.</param>
/// <param name="State">In this state.</param>
/// <param name="From">That lasted at this minute or later: open, or with an end after it.</param>
/// <param name="To">Started before this minute.</param>
/// <param name="After">Only what comes after this incident in the order of the answer: the last one of the page before.</param>
/// <param name="Limit">At most so many, 1 to 1,000.</param>
public sealed record IncidentQuery(
    ServiceSlug? Service = null, Region? Region = null, IncidentState? State = null, Minute? From = null, Minute? To = null,
    IncidentPlace? After = null, int Limit = 100)
{
    public int Limit { get; init => field = AtMostAPage(value); } = AtMostAPage(Limit);

    /// <summary>Where a service is given: of these, too. Of a family they are its members.</summary>
    public ImmutableArray<ServiceSlug> Members { get; init; } = [];

    /// <summary>Those of a service, or of a family and its members; of all there are where none is given.</summary>
    public static IncidentQuery About(Service? service) => new(service?.Slug) { Members = service?.Members ?? [] };

    /// <summary>The answer, of all incidents there are: those asked for, in order, at most <see cref="Limit"/>.</summary>
    public IEnumerable<Incident> Of(IEnumerable<Incident> incidents) => incidents
        .Where(Matches)
        .OrderByDescending(i => i.StartedAt).ThenBy(i => i.Service).ThenBy(i => i.Id.Number)
        .Take(Limit);

    private static int AtMostAPage(int limit) =>
        limit is >= 1 and <= 1000 ? limit : throw new ArgumentOutOfRangeException(nameof(limit), limit, "1 to 1,000 are found.");

    private bool Matches(Incident incident) =>
        (Service is null || incident.Service == Service || Members.Contains(incident.Service))
        && (Region is null || Region == Core.Services.Region.World || incident.Regions.Contains(Region.Value))
        && (State is null || incident.State == State)
        && (From is null || incident.EndedAt is null || incident.EndedAt > From)
        && (To is null || incident.StartedAt < To)
        && (After is null || After.Value.IsBefore(incident));
}

/// <summary>
/// The place of an incident in the order "latest onset first, then by service, then by number", which no later event changes much: a page
/// cursor.
/// </summary>
public readonly record struct IncidentPlace(Minute StartedAt, IncidentId Id)
{
    internal bool IsBefore(Incident incident) =>
        (StartedAt, incident.Service, incident.Id.Number).CompareTo((incident.StartedAt, Id.Service, Id.Number)) > 0;
}

/// <summary>
/// How far each consumer of the incident log has come: the position of the last event that it took. It lies where the log lies, so neither
/// is ever restored, moved or emptied without the other.
/// </summary>
public interface ICursorStore
{
    /// <summary>The saved position of a consumer; null where it never saved one.</summary>
    Task<long?> ReadAsync(string consumer, CancellationToken cancellation);

    /// <summary>
    /// Saves a position, durably. It never moves back: of two that follow under one name for a moment, the one further on counts.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It was not saved, or it is not known: save it, or a later one, again.</exception>
    Task SaveAsync(string consumer, long position, CancellationToken cancellation);
}
