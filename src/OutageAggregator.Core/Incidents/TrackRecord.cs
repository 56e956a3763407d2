using MathNet.Numerics.Statistics;
using OutageAggregator.Core.Series;

namespace OutageAggregator.Core.Incidents;

/// <summary>An incident that has ended, as far as a track record looks at it.</summary>
/// <param name="StartedAt">Estimated onset.</param>
/// <param name="DetectedAt">When the detector first said so.</param>
/// <param name="Verdict">The newest review's, or null where there is none.</param>
public readonly record struct ReviewedIncident(Minute StartedAt, DateTimeOffset DetectedAt, ReviewVerdict? Verdict);

/// <summary>
/// How the detector did, as far as operators looked: counted from the incidents that ended and their newest reviews, never entered by
/// anybody.
/// </summary>
/// <param name="Ended">Incidents that ended.</param>
/// <param name="Reviewed">Those of them that were reviewed; the sum of the four that follow.</param>
/// <param name="Confirmed">The service was in trouble.</param>
/// <param name="FalseAlarms">Nothing was wrong.</param>
/// <param name="Collateral">Another service was in trouble.</param>
/// <param name="Unclear">It could not be told.</param>
/// <param name="MedianDelayMinutes">
/// Median time from the estimated onset to the detection of confirmed incidents, minutes; null without any.
/// </param>
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

    /// <summary>Counts.</summary>
    public static TrackRecord Of(IEnumerable<ReviewedIncident> incidents)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        var ended = 0;
        Span<int> verdicts = stackalloc int[ReviewCodes.Verdicts.Count];
        var delays = new List<double>();
        foreach (var incident in incidents)
        {
            ended++;
            if (incident.Verdict is not { } verdict)
                continue;
            verdicts[(int)verdict]++;
            if (verdict == ReviewVerdict.Confirmed)
                delays.Add((incident.DetectedAt - incident.StartedAt.Start).TotalMinutes);
        }
        var (confirmed, falseAlarms) = (verdicts[(int)ReviewVerdict.Confirmed], verdicts[(int)ReviewVerdict.FalseAlarm]);
        var (collateral, unclear) = (verdicts[(int)ReviewVerdict.Collateral], verdicts[(int)ReviewVerdict.Unclear]);
        return new TrackRecord(
            ended, confirmed + falseAlarms + collateral + unclear, confirmed, falseAlarms, collateral, unclear,
            delays.Count == 0 ? null : delays.Median());
    }
}
