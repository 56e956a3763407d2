using MathNet.Numerics.Statistics;

namespace OutageAggregator.Core.Incidents;

/// <summary>An incident that has ended, as far as a track record looks at it.</summary>
/// <param name="StartedAt">Estimated onset.</param>
/// <param name="DetectedAt">When the detector first said so.</param>
/// <param name="Verdict">The newest review's, or null where there is none.</param>
public readonly record struct ReviewedIncident(Minute StartedAt, DateTimeOffset DetectedAt, ReviewVerdict? Verdict);

/// <summary>How the detector did, as far as operators looked: counted from ended incidents and their newest reviews.</summary>
/// <param name="Ended">Incidents that ended.</param>
/// <param name="Reviewed">Those of them that were reviewed; the sum of the four that follow.</param>
/// <param name="Confirmed">The service was in trouble.</param>
/// <param name="FalseAlarms">Nothing was wrong.</param>
/// <param name="Collateral">Another service was in trouble.</param>
/// <param name="Unclear">It could not be told.</param>
/// <param name="MedianDelayMinutes">From the estimated onset to the detection of confirmed incidents; null without any.</param>
public sealed record TrackRecord(
    int Ended, int Reviewed, int Confirmed, int FalseAlarms, int Collateral, int Unclear, double? MedianDelayMinutes)
{
    /// <summary>Reviewed incidents of which a reviewer could tell what they were: all but the unclear.</summary>
    public int Decided => Confirmed + FalseAlarms + Collateral;

    /// <summary>Confirmed among <see cref="Decided"/>, 0 to 1; null where nothing is decided.</summary>
    public double? ConfirmedShare => Decided == 0 ? null : (double)Confirmed / Decided;

    /// <summary>
    /// Where that share would lie if every incident had been reviewed, with <see cref="WilsonInterval.Level"/>, were the reviewed ones
    /// drawn at random; null where nothing is decided.
    /// </summary>
    public WilsonInterval? ConfirmedInterval => Decided == 0 ? null : WilsonInterval.Of(Confirmed, Decided);

    public static TrackRecord Of(IEnumerable<ReviewedIncident> incidents)
    {
        var reviewed = incidents.Where(i => i.Verdict is not null).ToLookup(i => i.Verdict!.Value);
        int Count(ReviewVerdict verdict) => reviewed[verdict].Count();
        var delay = reviewed[ReviewVerdict.Confirmed].Select(i => (i.DetectedAt - i.StartedAt.Start).TotalMinutes).Median();
        return new TrackRecord(
            incidents.Count(), reviewed.Sum(r => r.Count()), Count(ReviewVerdict.Confirmed), Count(ReviewVerdict.FalseAlarm),
            Count(ReviewVerdict.Collateral), Count(ReviewVerdict.Unclear), double.IsNaN(delay) ? null : delay);
    }
}
