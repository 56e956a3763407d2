using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Runtime.Live;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;

namespace OutageAggregator.Web.Features.Live;

/// <summary>Data of an event <c>status</c>.</summary>
internal sealed record StatusData(
    string Service,
    string Status,
    DateTimeOffset? At,
    DateTimeOffset? Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IncidentId)
{
    internal static StatusData Of(StatusMessage message) =>
        new(message.Service.ToString(), message.Status.Code(), message.At, message.Since, message.IncidentId?.ToString());
}

/// <summary>Data of an event <c>incident</c>: what happened, and the incident after it.</summary>
internal sealed record IncidentData(string Kind, DateTimeOffset At, IncidentAnswer Incident)
{
    internal static IncidentData Of(IncidentMessage message) =>
        new(message.Event.Kind.Code(), message.Event.At, IncidentAnswer.Of(message.Incident));
}

/// <summary>Data of an event <c>counts</c>: the last 15 minutes of the service listened to, or of all in trouble.</summary>
internal sealed record CountsData(DateTimeOffset At, ImmutableArray<ServiceCounts> Services, FreshnessAnswer Freshness)
{
    internal static CountsData Of(CountsMessage message, ServerNotice notice) => new(
        message.At,
        [.. message.Services.Select(s => new ServiceCounts(
            s.Service.Slug.ToString(), s.Status.Code(), s.Pulse.Reports15m, Rounded.Expected(s.Pulse.Expected15m)))],
        FreshnessAnswer.Of(message.Freshness, notice));
}

internal readonly record struct ServiceCounts(string Service, string Status, int Reports15m, double? Expected15m);

[JsonSerializable(typeof(StatusData))]
[JsonSerializable(typeof(IncidentData))]
[JsonSerializable(typeof(CountsData))]
internal sealed partial class LiveJson : JsonSerializerContext
{
    internal static LiveJson Written { get; } = new(AnswerJson.Options());
}
