namespace OutageAggregator.Core.Detection.RobustZ;

/// <summary>
/// The robust z-score, what most monitoring starts with: the newest five minutes against the median of the 288 five-minute buckets
/// (24 hours) before them, in units of their median absolute deviation (times 1.4826, which makes it the standard deviation of normal
/// counts; Iglewicz and Hoaglin 1993). Half of the buckets may be outages without moving it, but it knows no time of day, and of a service
/// with a report an hour both medians are 0: it takes the deviation of a Poisson count for the least that is possible. Its medians need no
/// telling what an incident was. A yardstick.
/// </summary>
/// <param name="region">The region its evidence speaks of.</param>
public sealed class RobustZDetector(Region region) : IDetector
{
    /// <summary>Its name in settings and evidence.</summary>
    public const string DetectorName = "robust-z";

    private const int Buckets = 288;
    private const int FewestBuckets = 24;
    private const double NormalDeviations = 1.4826;

    private readonly FiveMinuteScore _score = new(DetectorName, "robust z", region, outage: 10, elevated: 5);
    private readonly FiveMinuteBuckets _history = new(Buckets);
    private double _median;
    private double _deviation;

    public string Name => DetectorName;

    public Verdict Judge(in Observation observation)
    {
        var window = observation.Window;
        var newest = window.End - 1;
        var current = window.LastFive().Evidence;
        var verdict = _history.Closed < FewestBuckets
            ? _score.Unknown(current)
            : _score.Judge(current, _median, _deviation, FiveMinuteBuckets.ObservedShare(window));
        if (_history.Add(newest, window.Evidence(newest)))
            Measure();
        return verdict;
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
}
