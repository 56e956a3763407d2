namespace OutageAggregator.Core.Detection.EarsC2;

/// <summary>
/// EARS C2 (Hutwagner et al. 2003), the yardstick of public-health surveillance: the newest five minutes against mean and standard
/// deviation of the 72 five-minute buckets (6 hours) that end two buckets earlier. It knows no time of day and no baseline,
/// starts anywhere, and takes a long outage for the new usual after a while: buckets are what they were, incident or not. In a normal
/// approximation its statistic has the tail shown as p-value.
/// </summary>
internal sealed class EarsC2Detector(Region region)
    : FiveMinuteDetector(DetectorName, "C2", region, Buckets + Guard, outage: 8, elevated: 4)
{
    /// <summary>Its name in settings and evidence.</summary>
    internal const string DetectorName = "ears-c2";

    private const int Buckets = 72;
    private const int Guard = 2;
    private const int FewestBuckets = 12;

    protected override (double Usual, double Deviation)? Measure(FiveMinuteBuckets history)
    {
        var usable = Math.Min(history.Closed - Guard, Buckets);
        if (usable < FewestBuckets)
            return null;
        double sum = 0, squares = 0;
        for (var i = 1; i <= usable; i++)
        {
            var value = history.Back(Guard + i);
            sum += value;
            squares += value * value;
        }
        var mean = sum / usable;
        // A floor of one report keeps the score of a silent service finite.
        return (mean, Math.Sqrt(Math.Max(1, (squares - (usable * mean * mean)) / (usable - 1))));
    }
}
