namespace OutageAggregator.Core.Detection.RobustZ;

/// <summary>
/// The robust z-score, what most monitoring starts with: the newest five minutes against the median of the 288 five-minute buckets
/// (24 hours) before them, in units of their median absolute deviation (times 1.4826, which makes it the standard deviation of normal
/// counts; Iglewicz and Hoaglin 1993). Half of the buckets may be outages without moving it, but it knows no time of day, and of a service
/// with a report an hour both medians are 0: it takes the deviation of a Poisson count for the least that is possible. Its medians need no
/// telling what an incident was. A yardstick.
/// </summary>
internal sealed class RobustZDetector(Region region)
    : FiveMinuteDetector(DetectorName, "robust z", region, Buckets, outage: 10, elevated: 5)
{
    /// <summary>Its name in settings and evidence.</summary>
    internal const string DetectorName = "robust-z";

    private const int Buckets = 288;
    private const int FewestBuckets = 24;
    private const double NormalDeviations = 1.4826;

    protected override (double Usual, double Deviation)? Measure(FiveMinuteBuckets history)
    {
        if (history.Closed < FewestBuckets)
            return null;
        Span<float> sorted = stackalloc float[history.Values.Length];
        history.Values.CopyTo(sorted);
        var median = MedianOf(sorted);
        foreach (ref var value in sorted)
            value = (float)Math.Abs(value - median);
        return (median, Math.Max(NormalDeviations * MedianOf(sorted), Math.Sqrt(Math.Max(1, median))));
    }

    private static double MedianOf(Span<float> values)
    {
        values.Sort();
        return (values[(values.Length - 1) / 2] + (double)values[values.Length / 2]) / 2;
    }
}
