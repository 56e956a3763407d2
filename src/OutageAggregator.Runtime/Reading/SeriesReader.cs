using System.Collections.Immutable;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Reading;

/// <summary>What a point of a series is coloured by.</summary>
public enum PointVerdict : byte
{
    Normal = 0,
    Elevated = 1,
    Outage = 2,

    /// <summary>Nobody watched: its zero says nothing.</summary>
    Gap = 3,
}

/// <summary>Which series to read.</summary>
/// <param name="Service">The service.</param>
/// <param name="Region">One region, or the world's sum.</param>
/// <param name="From">First minute, aligned to the step.</param>
/// <param name="To">The minute after the last one; a later one than now ends with the span that holds now.</param>
/// <param name="StepMinutes">1, 5, 15, 60 or 1,440.</param>
/// <param name="Filter">One problem or surface only.</param>
public sealed record SeriesQuery(
    Service Service, Region Region, Minute From, Minute To, int StepMinutes, CellFilter Filter = default);

/// <summary>One span of a series.</summary>
/// <param name="Start">Its first minute.</param>
/// <param name="Counts">What was counted in it.</param>
/// <param name="Expected">Reports usual in the observed minutes of the span; null in a gap and where the series is filtered.</param>
/// <param name="Upper">The most that chance makes plausible there; null as <paramref name="Expected"/>.</param>
/// <param name="Verdict">What the incident log says of it.</param>
public readonly record struct SeriesSpan(Minute Start, MinuteCounts Counts, double? Expected, int? Upper, PointVerdict Verdict);

/// <summary>A chart's data.</summary>
/// <param name="Query">What was asked, with From and To as they were read (whole steps, not beyond now).</param>
/// <param name="Detector">Stable name of the detector that judges this service.</param>
/// <param name="Points">Every span in order, empty ones included.</param>
/// <param name="Incidents">Incidents that touch the stretch, and name the region where one was asked for; the latest first.</param>
public sealed record Series(
    SeriesQuery Query, string Detector, ImmutableArray<SeriesSpan> Points, ImmutableArray<Incident> Incidents);

/// <summary>Reads the points of charts: counts, what is usual, and what was said of them.</summary>
public sealed class SeriesReader(ICountStore counts, IIncidentLog log, BaselineReader baselines, TimeProvider clock)
{
    /// <summary>The most points in one answer.</summary>
    public const int MaxPoints = 2_000;

    /// <summary>The steps a series can have, minutes, ascending.</summary>
    public static ImmutableArray<int> Steps { get; } = [1, 5, 15, 60, Minute.PerDay];

    /// <summary>The points of [From, To).</summary>
    /// <exception cref="ArgumentException">No known step, an empty stretch, one that starts after now, or more than <see cref="MaxPoints"/> points.</exception>
    public ValueTask<Series> ReadAsync(SeriesQuery query, CancellationToken cancellation)
    {
        _ = (counts, log, baselines, clock);
        throw new InvalidOperationException("being built");
    }
}
