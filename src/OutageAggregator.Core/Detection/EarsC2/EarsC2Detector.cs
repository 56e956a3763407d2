namespace OutageAggregator.Core.Detection.EarsC2;

/// <summary>
/// EARS C2 (Hutwagner et al. 2003), the yardstick of public-health surveillance: the newest five minutes against mean and standard
/// deviation of the 72 five-minute buckets (6 hours) that end two buckets earlier. It knows no time of day and no baseline,
/// starts anywhere, and takes a long outage for the new usual after a while: buckets are what they were, incident or not. In a normal
/// approximation its statistic has the tail shown as p-value.
/// </summary>
/// <param name="region">The region its evidence speaks of.</param>
public sealed class EarsC2Detector(Region region) : IDetector
{
    /// <summary>Its name in settings and evidence.</summary>
    public const string DetectorName = "ears-c2";

    private const int Buckets = 72;
    private const int Guard = 2;
    private const int FewestBuckets = 12;

    private readonly FiveMinuteScore _score = new(DetectorName, "C2", region, outage: 8, elevated: 4);
    private readonly FiveMinuteBuckets _history = new(Buckets + Guard);

    public string Name => DetectorName;

    public Verdict Judge(in Observation observation)
    {
        var window = observation.Window;
        var newest = window.End - 1;
        var verdict = Judge(window.LastFive().Evidence, FiveMinuteBuckets.ObservedShare(window));
        _ = _history.Add(newest, window.Evidence(newest));
        return verdict;
    }

    private Verdict Judge(int current, double share)
    {
        var usable = Math.Min(_history.Closed - Guard, Buckets);
        if (usable < FewestBuckets)
            return _score.Unknown(current);
        double sum = 0, squares = 0;
        for (var i = 1; i <= usable; i++)
        {
            var value = _history.Back(Guard + i);
            sum += value;
            squares += value * value;
        }
        var mean = sum / usable;
        // A floor of one report keeps the score of a silent service finite.
        var deviation = Math.Sqrt(Math.Max(1, (squares - (usable * mean * mean)) / (usable - 1)));
        return _score.Judge(current, mean, deviation, share);
    }
}
