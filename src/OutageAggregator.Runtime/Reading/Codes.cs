namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// The stable words for statuses, states, phases, events, verdicts and confidence in addresses, JSON, CSV and live events.
/// </summary>
public static class Codes
{
    private static readonly string[] s_statuses = ["unknown", "normal", "elevated", "outage"];
    private static readonly string[] s_states = ["open", "resolved"];
    private static readonly string[] s_phases = ["onset", "peak", "recovery", "recurrence", "end"];
    private static readonly string[] s_events = ["elevated", "calmed", "opened", "grew", "recovering", "recurred", "resolved"];
    private static readonly string[] s_verdicts = ["normal", "elevated", "outage", "gap", "unknown"];
    private static readonly string[] s_confidences = ["too-few", "erratic", "good"];

    /// <summary>Indexed by <see cref="ServiceStatus"/>.</summary>
    public static IReadOnlyList<string> Statuses => s_statuses;

    /// <summary>Indexed by <see cref="IncidentState"/>.</summary>
    public static IReadOnlyList<string> States => s_states;

    public static string Code(this ServiceStatus status) => s_statuses[(int)status];

    public static string Code(this IncidentState state) => s_states[(int)state];

    public static string Code(this PhaseKind phase) => s_phases[(int)phase];

    public static string Code(this IncidentEventKind kind) => s_events[(int)kind];

    public static string Code(this PointVerdict verdict) => s_verdicts[(int)verdict];

    public static string Code(this Confidence confidence) => s_confidences[(int)confidence];

    public static bool TryParse(string? code, out ServiceStatus status) =>
        (status = (ServiceStatus)Math.Max(Array.IndexOf(s_statuses, code), 0)).Code() == code;

    public static bool TryParse(string? code, out IncidentState state) =>
        (state = (IncidentState)Math.Max(Array.IndexOf(s_states, code), 0)).Code() == code;
}
