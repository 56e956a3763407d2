using MathNet.Numerics.Distributions;

namespace OutageAggregator.Core.Verdicts;

/// <summary>
/// The counts of the last whole five-minute buckets, which methods of surveillance live by. A bucket with gaps is brought to five
/// observed minutes; one that nobody observed is no bucket.
/// </summary>
/// <param name="capacity">How many are remembered.</param>
internal sealed class FiveMinuteBuckets(int capacity)
{
    internal const int Minutes = 5;

    private readonly float[] _values = new float[capacity];
    private int _number;
    private int _sum;
    private int _observed;

    /// <summary>How many were ever closed.</summary>
    internal int Closed { get; private set; }

    /// <summary>Those remembered, in no order.</summary>
    internal ReadOnlySpan<float> Values => _values.AsSpan(0, Math.Min(Closed, capacity));

    /// <summary>The bucket closed <paramref name="back"/> buckets ago; 1 is the newest.</summary>
    internal float Back(int back) => _values[(Closed - back) % capacity];

    /// <summary>Adds an observed minute, later than the one before.</summary>
    /// <returns>True where a bucket was closed.</returns>
    internal bool Add(Minute minute, int count)
    {
        var number = Math.DivRem(minute.Number, Minutes, out var place);
        // Its last minutes were a gap.
        var closed = number != _number && Close();
        _number = number;
        _sum += count;
        _observed++;
        return (place == Minutes - 1 && Close()) || closed;
    }

    private bool Close()
    {
        if (_observed == 0)
            return false;
        _values[Closed++ % capacity] = _sum * (float)Minutes / _observed;
        (_sum, _observed) = (0, 0);
        return true;
    }
}

/// <summary>A yardstick: it scores the newest five minutes, in deviations from what the buckets before them make usual.</summary>
/// <param name="buckets">How many are remembered.</param>
/// <param name="outage">The score of an outage.</param>
/// <param name="elevated">The score of more than usual.</param>
internal abstract class FiveMinuteDetector(string name, string rule, Region region, int buckets, double outage, double elevated) : IDetector
{
    private const int FewestReporters = 8;

    private readonly FiveMinuteBuckets _history = new(buckets);
    private (double Usual, double Deviation)? _measured;

    public Verdict Judge(in Observation observation)
    {
        var window = observation.Window;
        var newest = window.End - 1;
        var (current, _, observed) = window.LastFive();
        var verdict = _measured is (var usual, var deviation)
            ? Judge(current, usual, deviation, observed / (double)FiveMinuteBuckets.Minutes)
            : new Verdict(VerdictLevel.Normal, EvidenceOf(current, 0, 0, 0));
        if (_history.Add(newest, window.Evidence(newest)))
            _measured = Measure(_history);
        return verdict;
    }

    /// <summary>Reporters usual in five minutes, and how they deviate from that; null where there are too few buckets yet.</summary>
    protected abstract (double Usual, double Deviation)? Measure(FiveMinuteBuckets history);

    // "share" is what part of the newest five minutes was observed, above 0 to 1.
    private Verdict Judge(int current, double usual, double deviation, double share)
    {
        // Of minutes in a gap neither a count nor a part of the usual is expected.
        (usual, deviation) = (usual * share, deviation * share);
        // A part of a bucket scatters at least as a Poisson count does.
        if (share < 1)
            deviation = Math.Max(deviation, Math.Sqrt(Math.Max(1, usual)));
        var score = (current - usual) / deviation;
        var level = score >= outage && current >= FewestReporters ? VerdictLevel.Outage
            : score >= elevated ? VerdictLevel.Elevated
            : VerdictLevel.Normal;
        return new(level, EvidenceOf(current, usual, (int)Math.Ceiling(usual + (outage * deviation)), Log10Upper(score)));
    }

    private Evidence EvidenceOf(int observed, double usual, int upper, double log10P) =>
        new(name, rule, region, FiveMinuteBuckets.Minutes, observed, usual, upper, log10P, observed, FewestReporters);

    // log10 P(Z >= score) of the standard normal distribution, 0 at or below the mean; beyond 5 deviations the asymptotic series of Mills'
    // ratio (Abramowitz and Stegun 26.2.12), which stays right where the function underflows.
    private static double Log10Upper(double score)
    {
        if (score <= 0)
            return 0;
        if (score < 5)
            return Math.Log10(Normal.CDF(0, 1, -score));
        var (sum, term, square) = (1.0, 1.0, score * score);
        for (var k = 1; k <= 5; k++)
            sum += term *= -(2 * k - 1) / square;
        return (-(square / 2) / Math.Log(10)) - Math.Log10(score * Math.Sqrt(2 * Math.PI)) + Math.Log10(sum);
    }
}
