using System.Collections.Immutable;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Runtime.Reading;

/// <summary>How old the data is: what is stale is shown grey, never green.</summary>
/// <param name="ObservedAt">The newest instant at which reports could be taken.</param>
/// <param name="Age">Time since then.</param>
/// <param name="IsStale">True from 90 seconds on.</param>
public readonly record struct Freshness(DateTimeOffset ObservedAt, TimeSpan Age, bool IsStale);

/// <summary>Reports of the last 15 minutes against what is usual, for one region or the world.</summary>
/// <param name="Reports15m">Reports told in time in the last 15 minutes, the current one included.</param>
/// <param name="Expected15m">Reports usual in such 15 minutes.</param>
/// <param name="Ratio">The one over the other; null where nothing is expected.</param>
public readonly record struct Pulse(int Reports15m, double Expected15m, double? Ratio);

/// <summary>One surface's part of the last 15 minutes.</summary>
public readonly record struct SurfaceShare(Surface Surface, int Reports15m, double Share);

/// <summary>The answer to "is it just me?": numbers and one sentence, from stored facts.</summary>
/// <param name="Status">Of the service.</param>
/// <param name="World">All regions together.</param>
/// <param name="Region">The region asked about.</param>
/// <param name="Local">That region's numbers.</param>
/// <param name="Surfaces">Most reported first.</param>
/// <param name="Sentence">English, one or two sentences, no exclamation.</param>
public sealed record Situation(
    ServiceStatus Status,
    Pulse World,
    Region Region,
    Pulse Local,
    ImmutableArray<SurfaceShare> Surfaces,
    string Sentence);

/// <summary>
/// Answers "is it just me?" from the stores. Answers are kept for about a second per service and region, so that a crowd that
/// presses at once costs one look.
/// </summary>
public sealed class SituationReader
{
    /// <summary>The situation of a service as seen from a region, now.</summary>
    public ValueTask<Situation> ReadAsync(Service service, Region region, CancellationToken cancellation) =>
        throw new InvalidOperationException("being built");
}
