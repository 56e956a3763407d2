using OutageAggregator.Core.Services;
using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Core.Detection.EarsC2;

/// <summary>
/// EARS C2 (Hutwagner et al. 2003), the yardstick of public-health surveillance: the newest five minutes against mean and standard
/// deviation of the 72 five-minute buckets (6 hours) that end two buckets earlier. It knows no time of day and no baseline,
/// starts anywhere, and takes a long outage for the new usual after a while. In a normal approximation its statistic has
/// the tail shown as p-value.
/// </summary>
public sealed class EarsC2Detector : IDetector
{
    /// <summary>Its name in settings and evidence.</summary>
    public const string DetectorName = "ears-c2";

    private const int Buckets = 72;
    private const int Guard = 2;
    private const int FewestBuckets = 12;
    private const double OutageScore = 8;
    private const double ElevatedScore = 4;
    private const int FewestReporters = 8;

    private readonly Region _region;
    private readonly FiveMinuteBuckets _history = new(Buckets + Guard);

    /// <param name="region">The region its evidence speaks of.</param>
    public EarsC2Detector(Region region) => _region = region;

    public string Name => DetectorName;

    // Buckets are what they were, incident or not: that is the method.
    public void Reset()
    {
    }

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
            return new Verdict(VerdictLevel.Normal, EvidenceOf(current, 0, 0, 0));
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
        // Of minutes in a gap neither a count nor a part of the usual is expected.
        (mean, deviation) = (mean * share, deviation * share);
        // A part of a bucket scatters at least as a Poisson count does.
        if (share < 1)
            deviation = Math.Max(deviation, Math.Sqrt(Math.Max(1, mean)));
        var score = (current - mean) / deviation;
        var level = score >= OutageScore && current >= FewestReporters ? VerdictLevel.Outage
            : score >= ElevatedScore ? VerdictLevel.Elevated
            : VerdictLevel.Normal;
        return new Verdict(level, EvidenceOf(current, mean, (int)Math.Ceiling(mean + (OutageScore * deviation)), NormalTail.Log10Upper(score)));
    }

    private Evidence EvidenceOf(int observed, double mean, int upper, double log10P) =>
        new(DetectorName, "C2", _region, FiveMinuteBuckets.Minutes, observed, mean, upper, log10P, observed, FewestReporters);
}
