namespace OutageAggregator.Core.Detection.NegativeBinomial;

/// <summary>
/// A negative-binomial CUSUM (Hohle and Paul 2008): adds up, minute by minute, how much better "four times the usual" explains the
/// count than "the usual", and starts again at zero whenever that falls below it. The sum grows at rates above about 2.2 times the usual
/// (for Poisson counts the drift of the test of k against 1 changes its sign at (k-1)/ln k = 2.16), so a bump in the press of 1.8
/// times leaves it at zero for ever, and three times the usual for an hour or two does not.
/// </summary>
internal sealed class SlowBurn
{
    private const double Factor = 4;

    // In natural logarithms; e^16 is odds of nine million to one.
    private const double Threshold = 16;

    internal static readonly WindowRule Rule = new("accumulated", 180, -7, 2.2, 14, false);

    private double _sum;
    private int _minutes;
    private WindowSum _seen;

    internal void Reset() => (_sum, _minutes, _seen) = (0, 0, default);

    internal Candidate Judge(Window window, Minute newest, Noise noise, double bar)
    {
        var mean = window.Expected(newest);
        if (mean <= 0)
            return default;
        // One minute may not decide: it counts at most as four times the usual and a handful.
        var count = Math.Min(window.Evidence(newest), (int)(Factor * mean) + 3);
        var alpha = Math.Max(noise.Minute, 0.01);
        var step = (count * Math.Log(Factor * (1 + (alpha * mean)) / (1 + (alpha * Factor * mean))))
            - (Math.Log((1 + (alpha * Factor * mean)) / (1 + (alpha * mean))) / alpha);
        _sum += step;
        if (_sum <= 0)
        {
            Reset();
            return default;
        }
        _sum = Math.Min(_sum, 4 * Threshold);
        _minutes++;
        _seen += new WindowSum(count, count, mean, mean * mean);
        if (_sum < Threshold || _seen.Evidence < Rule.Reporters)
            return default;
        var (observed, expectation) = (_seen.Evidence, noise.Of(_seen));
        var log10P = CountTail.Log10Upper(observed, expectation);
        return new Candidate(Rule, _minutes, observed, expectation, log10P, Rule.Strength(observed / expectation.Mean, log10P), bar);
    }
}
