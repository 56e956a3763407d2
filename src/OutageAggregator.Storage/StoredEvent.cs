using System.Text.Json;
using System.Text.Json.Serialization;
using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Storage;

/// <summary>
/// An event as it is written, for ever: names and numbers of its own, so that the core's records can be renamed without a word to old
/// files. Minutes are numbered from 1970, enums are their stored numbers. Fields may be added, with a default; none may change its meaning.
/// </summary>
internal sealed record StoredEvent(string Service, int Number, int Kind, DateTimeOffset At, int Status, StoredIncident? Incident)
{
    public static string Write(IncidentEvent e) => JsonSerializer.Serialize(
        new StoredEvent(
            e.Service.ToString(), e.Number, (int)e.Kind, e.At, (int)e.Status, e.Incident is null ? null : StoredIncident.Of(e.Incident)),
        StoredEventJson.Default.StoredEvent);

    /// <summary>True where two events are stored as the same text.</summary>
    public static bool AreSame(IncidentEvent one, IncidentEvent other) => Write(one) == Write(other);

    /// <exception cref="JsonException">The text is no event.</exception>
    /// <exception cref="FormatException">A name in it is none.</exception>
    public static IncidentEvent Read(string text)
    {
        var stored = JsonSerializer.Deserialize(text, StoredEventJson.Default.StoredEvent) ?? throw new JsonException("A stored event is empty.");
        var service = ServiceSlug.Parse(stored.Service);
        return new IncidentEvent(
            service, stored.Number, (IncidentEventKind)stored.Kind, stored.At, (ServiceStatus)stored.Status, stored.Incident?.ToIncident());
    }
}

internal sealed record StoredIncident(
    string Service, int Number, int State, int StartedAt, DateTimeOffset DetectedAt, int PeakAt, int PeakReports, int? EndedAt,
    DateTimeOffset? ResolvedAt, double Severity, StoredPhase[] Phases, string[] Regions, StoredEvidence Evidence)
{
    public static StoredIncident Of(Incident i) => new(
        i.Id.Service.ToString(), i.Id.Number, (int)i.State, i.StartedAt.Number, i.DetectedAt, i.Peak.At.Number, i.Peak.ReportsPerMinute,
        i.EndedAt?.Number, i.ResolvedAt, i.Severity, [.. i.Phases.Select(p => new StoredPhase((int)p.Kind, p.From.Number, p.To?.Number))],
        [.. i.Regions.Select(r => r.ToString())], StoredEvidence.Of(i.Evidence));

    public Incident ToIncident() => new(
        new IncidentId(ServiceSlug.Parse(Service), Number), (IncidentState)State, new Minute(StartedAt), DetectedAt,
        new Peak(new Minute(PeakAt), PeakReports), ToMinute(EndedAt), ResolvedAt, Severity,
        [.. Phases.Select(p => new Phase((PhaseKind)p.Kind, new Minute(p.From), ToMinute(p.To)))],
        [.. Regions.Select(Region.Parse)], Evidence.ToEvidence());

    private static Minute? ToMinute(int? number) => number is { } n ? new Minute(n) : null;
}

internal readonly record struct StoredPhase(int Kind, int From, int? To);

internal sealed record StoredEvidence(
    string Detector, string Rule, string Region, int WindowMinutes, int Observed, double Expected, int Upper, double Log10PValue,
    int Reporters, int MinimumReporters, bool? IsPrior = null)
{
    public static StoredEvidence Of(Evidence e) => new(
        e.Detector, e.Rule, e.Region.ToString(), e.WindowMinutes, e.Observed, e.Expected, e.Upper, e.Log10PValue, e.Reporters, e.MinimumReporters,
        e.IsPrior ? true : null);

    public Evidence ToEvidence() => new(
        Detector, Rule, Core.Services.Region.Parse(Region), WindowMinutes, Observed, Expected, Upper, Log10PValue, Reporters, MinimumReporters)
    {
        IsPrior = IsPrior ?? false,
    };
}

// A p-value too small for a double is an infinite logarithm, which JSON has no number for.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StoredEvent))]
internal sealed partial class StoredEventJson : JsonSerializerContext;
