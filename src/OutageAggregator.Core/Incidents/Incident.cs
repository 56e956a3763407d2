namespace OutageAggregator.Core.Incidents;

/// <summary>
/// The name of an incident: its service and its number, counted from 1. Text form <c>chatgpt-7</c>. Numbering per service makes the
/// name deterministic: planning the same incident again after a failed write gives the same name.
/// </summary>
public readonly record struct IncidentId(ServiceSlug Service, int Number)
{
    public override string ToString() => $"{Service}-{Number}";

    public static bool TryParse([NotNullWhen(true)] string? text, out IncidentId id)
    {
        var hyphen = text?.LastIndexOf('-') ?? -1;
        id = hyphen > 0 && ServiceSlug.TryParse(text![..hyphen], out var service)
            && int.TryParse(text.AsSpan(hyphen + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && text[hyphen + 1] != '0'
            ? new IncidentId(service, number)
            : default;
        return id != default;
    }
}

/// <summary>What the page's traffic light shows. The numbers are stored: append, never renumber.</summary>
public enum ServiceStatus : byte
{
    /// <summary>The data is too old to say.</summary>
    Unknown = 0,
    Normal = 1,
    Elevated = 2,
    Outage = 3,
}

public enum IncidentState : byte
{
    Open = 0,
    Resolved = 1,
}

/// <summary>The numbers are stored: append, never renumber.</summary>
public enum PhaseKind : byte
{
    Onset = 0,
    Peak = 1,
    Recovery = 2,
    Recurrence = 3,
    End = 4,
}

/// <summary>A stretch of an incident, [From, To); To is null while it lasts. The phase <c>end</c> is the minute of the end.</summary>
public readonly record struct Phase(PhaseKind Kind, Minute From, Minute? To);

/// <summary>The worst minute so far.</summary>
public readonly record struct Peak(Minute At, int ReportsPerMinute);

/// <summary>
/// One outage of one service, from its onset to its end; a new surge within 4 hours of the end of the last one continues it.
/// Regions, surfaces and problems are facets of an incident, not incidents. Immutable: every logged event carries the whole state after it.
/// </summary>
/// <param name="Id">Its name.</param>
/// <param name="State">Open or resolved.</param>
/// <param name="StartedAt">Estimated first minute of the excess (back-dated).</param>
/// <param name="DetectedAt">When the detector first said so.</param>
/// <param name="Peak">The worst minute so far.</param>
/// <param name="EndedAt">Estimated first minute back at the usual; null while open.</param>
/// <param name="ResolvedAt">When the end was declared; null while open.</param>
/// <param name="Severity">
/// log10 of the excess reporters times the highest ratio of a window to its expectation, never negative: 2 is small, 4 is everybody's news.
/// </param>
/// <param name="Phases">In time order.</param>
/// <param name="Regions">Regions judged in outage at any time, in code order; empty where only the world's sum stands out.</param>
/// <param name="Evidence">The verdict that opened it.</param>
public sealed record Incident(
    IncidentId Id, IncidentState State, Minute StartedAt, DateTimeOffset DetectedAt, Peak Peak, Minute? EndedAt, DateTimeOffset? ResolvedAt,
    double Severity, ImmutableArray<Phase> Phases, ImmutableArray<Region> Regions, Evidence Evidence)
{
    // A peak that was not passed for so many minutes is one, so far.
    private const int PeakMinutes = 3;

    public ServiceSlug Service => Id.Service;

    /// <summary>
    /// Its phases as they look at a minute: the log knows a peak when recovery begins, and until then the worst minute so far begins the
    /// peak so far.
    /// </summary>
    public ImmutableArray<Phase> PhasesAt(Minute now) =>
        State == IncidentState.Open && Phases is [.., { Kind: PhaseKind.Onset or PhaseKind.Recurrence } last] && now - Peak.At >= PeakMinutes
            && Peak.At >= last.From && !Phases.Any(p => p.Kind == PhaseKind.Peak)
            ? [.. Phases[..^1], last with { To = Peak.At }, new Phase(PhaseKind.Peak, Peak.At, null)]
            : Phases;
}

/// <summary>The numbers are stored: append, never renumber.</summary>
public enum IncidentEventKind : byte
{
    /// <summary>More than usual; no incident yet.</summary>
    Elevated = 0,

    /// <summary>Elevated, and back to usual without an incident.</summary>
    Calmed = 1,
    Opened = 2,

    /// <summary>Still open, and worse or wider than last logged: a higher peak, another region.</summary>
    Grew = 3,

    /// <summary>Open, and falling towards the usual.</summary>
    Recovering = 4,

    /// <summary>A new surge in the same incident: while recovering, or up to 4 hours after its end.</summary>
    Recurred = 5,
    Resolved = 6,
}

/// <summary>A fact in the incident log, known by its service and its number there: the same event planned twice has one id.</summary>
/// <param name="Service">The service.</param>
/// <param name="Number">Counted from 1 per service, without holes.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When it was decided, on the server's clock.</param>
/// <param name="Status">The service's status from here on.</param>
/// <param name="Incident">The incident after the event; null for <c>Elevated</c> and <c>Calmed</c>.</param>
public sealed record IncidentEvent(
    ServiceSlug Service, int Number, IncidentEventKind Kind, DateTimeOffset At, ServiceStatus Status, Incident? Incident)
{
    /// <summary>The log's key: an event with an id that is there already is ignored.</summary>
    public string Id => $"{Service}#{Number}";
}

/// <summary>An event at its place in the log.</summary>
/// <param name="Position">Counted from 1 over all services, ascending; holes are allowed.</param>
public sealed record LoggedEvent(long Position, IncidentEvent Event);
