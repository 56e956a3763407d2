namespace OutageAggregator.Web.Answers;

/// <summary>How old the data of an answer is, and whether it is real.</summary>
/// <param name="ObservedAt">The newest instant at which reports could be taken; 1970-01-01T00:00:00Z where there never was one.</param>
/// <param name="AgeSeconds">Whole seconds since then.</param>
/// <param name="State"><c>stale</c> from 90 seconds on; on a simulated clock from 10 real seconds on, where that is longer.</param>
/// <param name="Clock">Only where the server's clock is a simulated one.</param>
/// <param name="Demo">Only, and true, where the server made up data for a demonstration.</param>
public sealed record FreshnessAnswer(
    DateTimeOffset ObservedAt, long AgeSeconds, FreshnessState State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ClockAnswer? Clock,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Demo)
{
    internal static FreshnessAnswer Of(Freshness freshness, ServerNotice notice) => new(
        freshness.ObservedAt, (long)freshness.Age.TotalSeconds, freshness.IsStale ? FreshnessState.Stale : FreshnessState.Fresh,
        notice.ClockSpeed is { } speed ? new ClockAnswer(true, speed) : null, notice.Demo ? true : null);
}

public enum FreshnessState
{
    Fresh,
    Stale,
}

/// <summary>A clock that isn't the world's.</summary>
/// <param name="Simulated">True.</param>
/// <param name="Speed">Simulated seconds per real second.</param>
public sealed record ClockAnswer(bool Simulated, double Speed);

/// <summary>What every answer that is told from data carries besides it.</summary>
public sealed record FreshAnswer(FreshnessAnswer Freshness);
