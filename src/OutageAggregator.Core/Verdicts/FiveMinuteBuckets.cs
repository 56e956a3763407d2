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

    /// <summary>What part of the newest five minutes was observed, above 0 to 1.</summary>
    internal static double ObservedShare(Window window)
    {
        var observed = 0;
        for (var minute = window.End - 1; minute >= window.End - Minutes && minute >= window.Oldest; minute -= 1)
            observed += window.IsObserved(minute) ? 1 : 0;
        return observed / (double)Minutes;
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

/// <summary>A score of the newest five minutes against the buckets before them, in deviations: what both yardsticks go by.</summary>
/// <param name="detector">Stable name of the detector.</param>
/// <param name="rule">Stable code of its rule.</param>
/// <param name="region">The region its evidence speaks of.</param>
/// <param name="outage">The score of an outage.</param>
/// <param name="elevated">The score of more than usual.</param>
internal sealed class FiveMinuteScore(string detector, string rule, Region region, double outage, double elevated)
{
    private const int FewestReporters = 8;

    /// <summary>Where there are too few buckets yet.</summary>
    internal Verdict Unknown(int current) => new(VerdictLevel.Normal, EvidenceOf(current, 0, 0, 0));

    /// <param name="current">Reporters in the newest five minutes.</param>
    /// <param name="usual">Reporters usual in five minutes.</param>
    /// <param name="deviation">How they deviate from that.</param>
    /// <param name="share">What part of the newest five minutes was observed, above 0 to 1.</param>
    internal Verdict Judge(int current, double usual, double deviation, double share)
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
        return new(level, EvidenceOf(current, usual, (int)Math.Ceiling(usual + (outage * deviation)), NormalTail.Log10Upper(score)));
    }

    private Evidence EvidenceOf(int observed, double usual, int upper, double log10P) =>
        new(detector, rule, region, FiveMinuteBuckets.Minutes, observed, usual, upper, log10P, observed, FewestReporters);
}
