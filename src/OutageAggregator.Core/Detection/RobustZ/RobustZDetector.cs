using OutageAggregator.Core.Services;

namespace OutageAggregator.Core.Detection.RobustZ;

/// <summary>
/// The robust z-score, what most monitoring starts with: the newest five minutes against the median of the 288 five-minute buckets
/// (24 hours) before them, in units of their median absolute deviation (times 1.4826, which makes it the standard deviation of normal
/// counts; Iglewicz and Hoaglin 1993). Half of the buckets may be outages without moving it, but it knows no time of day, and of a service with
/// a report an hour both medians are 0: it takes the deviation of a Poisson count for the least that is possible. A yardstick.
/// </summary>
public sealed class RobustZDetector : IDetector
{
    /// <summary>Its name in settings and evidence.</summary>
    public const string DetectorName = "robust-z";

    private const int BucketMinutes = 5;
    private const int Buckets = 288;
    private const int FewestBuckets = 24;
    private const double NormalDeviations = 1.4826;
    private const double OutageScore = 10;
    private const double ElevatedScore = 5;
    private const int FewestReporters = 8;

    private readonly Region _region;
    private readonly float[] _history = new float[Buckets];
    private int _filled;
    private int _bucketSum;
    private int _bucketObserved;
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
        var current = window.LastFive().Evidence;
        var verdict = Judge(current);
        _bucketSum += window.Evidence(newest);
        _bucketObserved++;
        if ((newest.Number + 1) % BucketMinutes == 0)
        {
            _history[_filled++ % Buckets] = _bucketSum * (float)BucketMinutes / _bucketObserved;
            (_bucketSum, _bucketObserved) = (0, 0);
            Measure();
        }
        return verdict;
    }

    private Verdict Judge(int current)
    {
        if (_filled < FewestBuckets)
            return new Verdict(VerdictLevel.Normal, EvidenceOf(current, 0, 0));
        var score = (current - _median) / _deviation;
        var level = score >= OutageScore && current >= FewestReporters ? VerdictLevel.Outage
            : score >= ElevatedScore ? VerdictLevel.Elevated
            : VerdictLevel.Normal;
        return new Verdict(level, EvidenceOf(current, (int)Math.Ceiling(_median + (OutageScore * _deviation)), NormalTail.Log10Upper(score)));
    }

    private void Measure()
    {
        Span<float> sorted = stackalloc float[Math.Min(_filled, Buckets)];
        _history.AsSpan(0, sorted.Length).CopyTo(sorted);
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

    private Evidence EvidenceOf(int observed, int upper, double log10P) =>
        new(DetectorName, "robust z", _region, BucketMinutes, observed, _median, upper, log10P, observed, FewestReporters);
}
