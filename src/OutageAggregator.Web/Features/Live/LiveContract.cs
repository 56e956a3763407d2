namespace OutageAggregator.Web.Features.Live;

/// <summary>Data of an event <c>status</c>.</summary>
/// <param name="At">When it was decided; null where nothing ever happened.</param>
public sealed record LiveStatus(
    string Service, ServiceStatus Status, DateTimeOffset? At, DateTimeOffset? Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IncidentId)
{
    internal static LiveStatus Of(StatusMessage message) =>
        new(message.Service.ToString(), message.Status, message.At, message.Since, message.IncidentId?.ToString());
}

/// <summary>Data of an event <c>incident</c>: what happened, and the incident after it.</summary>
public sealed record LiveIncident(
    [property: AllowedValues("opened", "grew", "recovering", "recurred", "resolved")] string Kind, DateTimeOffset At, IncidentAnswer Incident)
{
    internal static LiveIncident Of(IncidentMessage message, ServerNotice notice) =>
        new(message.Event.Kind.Code(), message.Event.At, IncidentAnswer.Of(message.Incident, notice));
}

/// <summary>Data of an event <c>counts</c>: the last 15 minutes of the service listened to, or of all in trouble.</summary>
public sealed record LiveCounts(DateTimeOffset At, ImmutableArray<ServiceCounts> Services, FreshnessAnswer Freshness)
{
    internal static LiveCounts Of(CountsMessage message, ServerNotice notice) => new(
        message.At, [.. message.Services.Select(s => new ServiceCounts(
            s.Service.Slug.ToString(), s.Status, s.Pulse.Reports15m, Rounded.Expected(s.Pulse.Expected15m)))],
        FreshnessAnswer.Of(message.Freshness, notice));
}

/// <summary>The last 15 minutes of a service.</summary>
/// <param name="Expected15m">Null while nothing of the usual has been learnt: in the first half hour of a new server.</param>
public readonly record struct ServiceCounts(string Service, ServiceStatus Status, int Reports15m, double? Expected15m);
