using OutageAggregator.Core.Services;
using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Core.Detection.RobustZ;

/// <summary>
/// The robust z-score, what most monitoring starts with: the newest five minutes against the median of the 288 five-minute buckets
/// (24 hours) before them, in units of their median absolute deviation (times 1.4826, which makes it the standard deviation of normal
/// counts; Iglewicz and Hoaglin 1993). Half of the buckets may be outages without moving it, but it knows no time of day, and of a service
/// with a report an hour both medians are 0: it takes the deviation of a Poisson count for the least that is possible. A yardstick.
/// </summary>
public sealed class RobustZDetector : IDetector
{
    /// <summary>Its name in settings and evidence.</summary>
    public const string DetectorName = "robust-z";

    private const int Buckets = 288;
    private const int FewestBuckets = 24;
    private const double NormalDeviations = 1.4826;
    private const double OutageScore = 10;
    private const double ElevatedScore = 5;
    private const int FewestReporters = 8;

    private readonly Region _region;
    private readonly FiveMinuteBuckets _history = new(Buckets);
    private double _median;
    private double _deviation;

    /// <param name="region">The region its evidence speaks of.</param>
    public RobustZDetector(Region region) => _region = region;

    public string Name => DetectorName;

    // A day's median needs no telling what an incident was: that is the method.
    public void Reset()
    {
    }

    public Verdict Judge(in Observation observation)
    {
        var window = observation.Window;
        var newest = window.End - 1;
        var verdict = Judge(window.LastFive().Evidence, FiveMinuteBuckets.ObservedShare(window));
        if (_history.Add(newest, window.Evidence(newest)))
            Measure();
        return verdict;
    }

    private Verdict Judge(int current, double share)
    {
        if (_history.Closed < FewestBuckets)
            return new Verdict(VerdictLevel.Normal, EvidenceOf(current, 0, 0, 0));
        // Of minutes in a gap neither a count nor a part of the usual is expected.
        var (median, deviation) = (_median * share, _deviation * share);
        // A part of a bucket scatters at least as a Poisson count does.
        if (share < 1)
            deviation = Math.Max(deviation, Math.Sqrt(Math.Max(1, median)));
        var score = (current - median) / deviation;
        var level = score >= OutageScore && current >= FewestReporters ? VerdictLevel.Outage
            : score >= ElevatedScore ? VerdictLevel.Elevated
            : VerdictLevel.Normal;
        return new Verdict(level, EvidenceOf(current, median, (int)Math.Ceiling(median + (OutageScore * deviation)), NormalTail.Log10Upper(score)));
    }

    private void Measure()
    {
        var values = _history.Values;
        Span<float> sorted = stackalloc float[values.Length];
        values.CopyTo(sorted);
        _median = MedianOf(sorted);
        foreach (ref var value in sorted)
            value = (float)Math.Abs(value - _median);
        _deviation = Math.Max(NormalDeviations * MedianOf(sorted), Math.Sqrt(Math.Max(1, _median)));
    }

    private static double MedianOf(Span<float> values)
    {
        values.Sort();
        return (values[(values.Length - 1) / 2] + (double)values[values.Length / 2]) / 2;
    }

    private Evidence EvidenceOf(int observed, double median, int upper, double log10P) =>
        new(DetectorName, "robust z", _region, FiveMinuteBuckets.Minutes, observed, median, upper, log10P, observed, FewestReporters);
}
