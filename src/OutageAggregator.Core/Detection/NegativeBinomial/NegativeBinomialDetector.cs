namespace OutageAggregator.Core.Detection.NegativeBinomial;

/// <summary>
/// The product's detector: is the number of distinct reporters in the last 1, 3, 5, 15, 60 and 180 minutes plausible on a usual day?
/// <para>
/// Each window is compared with the negative binomial of its expectation (upper tail, as Farrington's method and its successors
/// do for disease counts). Significance alone is not news: with many reports a rise of a third is significant. So a window also needs a
/// ratio to the usual and a minimum of distinct reporters, both stated in its <see cref="WindowRule"/>. It must hold without its
/// largest minute, and two of the last six minutes must stand out, so that no single minute raises anything, unless it is
/// beyond all doubt: fifty people at once, and twenty-five times the usual. Slow burns, which no
/// short window sees, are accumulated by <see cref="SlowBurn"/>. Watches that are loud by nature must show more than they used to:
/// <see cref="EarlierPeaks"/>.
/// </para>
/// A test on the distance from the mean comes first and spares the exact tail on all quiet minutes.
/// </summary>
internal sealed class NegativeBinomialDetector(Region region) : IDetector
{
    /// <summary>Its name in settings and evidence.</summary>
    internal const string DetectorName = "negative-binomial";

    // What counts as elevated, in any window: worth an amber light, not an incident. A hundredth, shared among some hundreds of services,
    // their regions and the windows: a light that chance turns on is none.
    private const double ElevatedLog10P = -6;
    private const double ElevatedRatio = 1.8;
    private const int ElevatedReporters = 4;

    // So many times the usual is an outage, whatever the watch used to show.
    private const double HighestRatio = 500;

    // Half: a window of one observed minute has no others. A hair more, as usual counts differ from minute to minute.
    private const double LargestShare = 0.51;

    private static readonly WindowRule[] s_rules =
    [
        new("1 minute", 1, -12, 25, 50, false),
        new("3 minutes", 3, -8, 3.0, 6, true),
        new("5 minutes", 5, -7, 3.0, 6, true),
        new("15 minutes", 15, -6.5, 2.5, 8, true),
        new("60 minutes", 60, -6.5, 2.2, 12, true),
        new("180 minutes", 180, -6.5, 2.0, 14, true),
    ];

    private readonly SlowBurn _slowBurn = new();
    private readonly EarlierPeaks?[] _peaks = new EarlierPeaks?[s_rules.Length + 1];

    public void Reset() => _slowBurn.Reset();

    public void Recall(Minute at, in Evidence raised)
    {
        for (var i = 0; i <= s_rules.Length; i++)
        {
            var rule = Rule(i);
            if (rule.Code == raised.Rule && raised.Expected > 0)
                Peaks(i).Note(at, Math.Max(1, rule.Strength(raised.Ratio, raised.Log10PValue)));
        }
    }

    public Verdict Judge(in Observation observation)
    {
        var (window, since, noise, days) = observation;
        var newest = window.End - 1;
        var oldest = Minute.Max(Minute.Max(since, window.Oldest), newest - 179);
        var best = default(Candidate);
        var sum = default(WindowSum);
        var summed = newest + 1;
        var coldBar = EarlierPeaks.ColdBar(days);
        var (nearest, closeness) = (new Candidate { Rule = s_rules[0], Minutes = 1 }, -1.0);
        for (var i = 0; i < s_rules.Length && summed > oldest; i++)
        {
            var rule = s_rules[i];
            // The last window may be cut short by the start of the watch or the end of an incident: it is judged at the length it has.
            var from = Minute.Max(oldest, newest + 1 - rule.Minutes);
            sum += window.Sum(from, summed);
            summed = from;
            best = Candidate.Worse(best, Noted(i, window, oldest, Judge(rule, newest + 1 - from, sum, noise, Bar(i, newest, coldBar))));
            if (sum.Evidence < closeness * rule.Ratio * sum.Expected)
                continue;
            nearest = new Candidate(rule, newest + 1 - from, sum.Evidence, new Expectation(sum.Expected, 0), 0, 0, 1);
            closeness = sum.Expected > 0 ? sum.Evidence / (rule.Ratio * sum.Expected) : 0;
        }
        best = Candidate.Worse(best, Noted(s_rules.Length, window, oldest, _slowBurn.Judge(window, newest, noise, Bar(s_rules.Length, newest, coldBar))));
        var (by, minutes, observed, usual, log10P, _, bar) = best.Rule is null ? nearest : best;
        var upper = log10P < 0 ? usual.Upper(by!.Log10P * bar) : 0;
        return new Verdict(
            best.Level,
            new Evidence(DetectorName, by!.Code, region, minutes, observed, usual.Mean, upper, log10P, observed, by.Reporters)
            {
                IsPrior = days < Baseline.EnoughDays,
            });
    }

    // Two of the last six minutes are above twice the usual.
    private static bool TwoStandOut(Window window, Minute newest, Minute oldest)
    {
        var standingOut = 0;
        for (var minute = newest; minute >= oldest && minute > newest - 6; minute -= 1)
        {
            if (window.IsObserved(minute) && window.Evidence(minute) is >= 1 and var count && count > 2 * window.Expected(minute))
                standingOut++;
        }
        return standingOut >= 2;
    }

    private static Candidate Judge(WindowRule rule, int minutes, in WindowSum sum, Noise noise, double bar)
    {
        var (observed, largest, mean, squares) = sum;
        if (mean <= 0 || observed < ElevatedReporters)
            return default;
        var expectation = noise.Of(sum);
        // The screen: within two standard deviations of the mean nothing can be significant.
        if (observed < mean + (2 * Math.Sqrt(expectation.Variance)))
            return default;
        var ratio = observed / mean;
        if (ratio < ElevatedRatio)
            return default;
        var log10P = CountTail.Log10Upper(observed, expectation);
        if (log10P > ElevatedLog10P)
            return default;
        var strength = observed >= rule.Reporters ? rule.Strength(ratio, log10P) : 0;
        if (strength >= 1 && rule.WithoutLargest)
            strength = Math.Min(strength, StrengthWithoutLargest(rule, squares / (mean * mean), observed - largest, expectation));
        return new Candidate(rule, minutes, observed, expectation, log10P, strength, bar);
    }

    // "share" is what the largest minute has of the usual: one observed minute of so many.
    private static double StrengthWithoutLargest(WindowRule rule, double share, int rest, Expectation expectation)
    {
        if (share > LargestShare || rest < rule.Reporters / 2)
            return 0;
        var others = expectation with { Mean = expectation.Mean * (1 - share) };
        return rest < rule.Ratio * others.Mean ? 0 : rule.Strength(rest / others.Mean, CountTail.Log10Upper(rest, others) / (1 - share));
    }

    // Up to a quarter of an hour two minutes must stand out, too: where they don't, it is more than usual, and no more.
    private Candidate Noted(int rule, Window window, Minute oldest, in Candidate candidate)
    {
        if (candidate.Strength < 1)
            return candidate;
        if (candidate.Rule!.Minutes is > 1 and <= 15 && !TwoStandOut(window, window.End - 1, oldest))
            return candidate with { Strength = 0 };
        Peaks(rule).Note(window.End - 1, candidate.Strength);
        return candidate;
    }

    private static WindowRule Rule(int rule) => rule < s_rules.Length ? s_rules[rule] : SlowBurn.Rule;

    private double Bar(int rule, Minute newest, double coldBar) => _peaks[rule] is { } peaks ? Math.Max(coldBar, peaks.Bar(newest)) : coldBar;

    private EarlierPeaks Peaks(int rule) => _peaks[rule] ??= new EarlierPeaks(Math.Log(HighestRatio) / Math.Log(Rule(rule).Ratio));
}
