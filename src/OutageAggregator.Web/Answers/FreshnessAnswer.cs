using System.Text.Json.Serialization;
using OutageAggregator.Runtime.Reading;

namespace OutageAggregator.Web.Answers;

/// <summary>How old the data of an answer is, and whether it is real.</summary>
/// <param name="ObservedAt">The newest instant at which reports could be taken.</param>
/// <param name="AgeSeconds">Whole seconds since then.</param>
/// <param name="State"><c>fresh</c>, or <c>stale</c> from 90 seconds on.</param>
/// <param name="Clock">Only where the server's clock is a simulated one.</param>
/// <param name="Demo">Only, and true, where the server made up data for a demonstration.</param>
internal sealed record FreshnessAnswer(
    DateTimeOffset ObservedAt,
    long AgeSeconds,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ClockAnswer? Clock,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Demo)
{
    internal static FreshnessAnswer Of(Freshness freshness, ServerNotice notice) => new(
        freshness.ObservedAt,
        (long)freshness.Age.TotalSeconds,
        freshness.IsStale ? "stale" : "fresh",
        notice.ClockSpeed is { } speed ? new ClockAnswer(true, speed) : null,
        notice.Demo ? true : null);
}

/// <param name="Simulated">True.</param>
/// <param name="Speed">Simulated seconds per real second.</param>
internal sealed record ClockAnswer(bool Simulated, double Speed);
