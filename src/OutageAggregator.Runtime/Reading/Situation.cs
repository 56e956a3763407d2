using System.Collections.Immutable;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;

namespace OutageAggregator.Runtime.Reading;

/// <summary>Reports of the last 15 minutes against what is usual, for one region or the world.</summary>
/// <param name="Reports15m">Reports told in time in the last 15 minutes, the current one included.</param>
/// <param name="Expected15m">Reports usual in such 15 minutes; null while nothing of the usual has been learnt.</param>
/// <param name="Ratio">The one over the other; null where nothing is expected, or nothing known of it.</param>
public readonly record struct Pulse(int Reports15m, double? Expected15m, double? Ratio);

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
    string Sentence)
{
    /// <summary>What there is to say where the data is too old or can't be read: that nobody can say, and no numbers.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="region">The region asked about.</param>
    /// <param name="freshness">How old the data is; null where not even that can be read.</param>
    public static Situation Unknown(string name, Region region, Freshness? freshness) =>
        new(ServiceStatus.Unknown, default, region, default, [], SituationSentence.Unknown(name, freshness));
}
