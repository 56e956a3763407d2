using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace OutageAggregator.Core.Baselines;

/// <summary>
/// Tails of counts, right far into the tail. <c>1 - CDF</c> is exactly 0 below 1e-16 and the regularised functions
/// underflow near 1e-300, while a crowd can be a 1e-4000 event; ordering such events still matters, so everything is log10.
/// <para>
/// With mean m and overdispersion a, X is negative binomial with r = 1/a and p = r/(r+m), and
/// P(X &gt;= k) = I(1-p; k, r), the regularised incomplete beta function (Abramowitz and Stegun 26.5.26). For a = 0 it is Poisson,
/// P(X &gt;= k) = P(k, m), the regularised lower gamma function (26.4.21). The lower tails are what these leave:
/// P(X &lt;= k) = I(p; r, k + 1), and Q(k + 1, m).
/// </para>
/// </summary>
public static class CountTail
{
    // Below this the regularised functions lose digits or underflow: sum the probabilities themselves instead.
    private const double Trusted = 1e-150;

    // A negative binomial this close to Poisson is computed as one: r would be so large that its log-gammas cancel.
    private const double PoissonBelow = 1e-9;

    /// <summary>log10 P(X &gt;= <paramref name="count"/>), 0 or negative.</summary>
    public static double Log10Upper(int count, Expectation expectation)
    {
        if (count <= 0)
            return 0;
        var (mean, dispersion) = (Math.Max(expectation.Mean, 1e-12), expectation.Dispersion);
        // At or below the mean there is nothing to prove; the exact number would only cost time.
        var tail = dispersion < PoissonBelow
            ? SpecialFunctions.GammaLowerRegularized(count, mean)
            : SpecialFunctions.BetaRegularized(count, 1 / dispersion, dispersion * mean / (1 + (dispersion * mean)));
        return Log10(tail, isUpper: true, count, mean, dispersion);
    }

    /// <summary>log10 P(X &lt;= <paramref name="count"/>), 0 or negative; minus infinity below 0.</summary>
    public static double Log10Lower(int count, Expectation expectation)
    {
        if (count < 0)
            return double.NegativeInfinity;
        var (mean, dispersion) = (Math.Max(expectation.Mean, 1e-12), expectation.Dispersion);
        var tail = dispersion < PoissonBelow
            ? SpecialFunctions.GammaUpperRegularized(count + 1.0, mean)
            : SpecialFunctions.BetaRegularized(1 / dispersion, count + 1.0, 1 / (1 + (dispersion * mean)));
        return Log10(tail, isUpper: false, count, mean, dispersion);
    }

    // Far in the tail the probabilities fall at least geometrically, so a few dozen terms from the count on give the sum. Downwards, too:
    // so far below the mean a negative binomial has r above 1, and falls towards 0 ever faster.
    private static double Log10(double tail, bool isUpper, int count, double mean, double dispersion)
    {
        if (tail > Trusted)
            return Math.Min(0, Math.Log10(tail));
        double sum = 1, term = 1;
        for (var k = count; (isUpper || k > 0) && term > sum * 1e-17 && k - count < 100_000; k += isUpper ? 1 : -1)
        {
            term *= isUpper ? Next(k) : 1 / Next(k - 1);
            sum += term;
        }
        return Math.Min(0, (LogProbability(count, mean, dispersion) + Math.Log(sum)) / Constants.Ln10);

        // P(X = k + 1) / P(X = k).
        double Next(int k) => dispersion < PoissonBelow
            ? mean / (k + 1)
            : (k + (1 / dispersion)) / (k + 1) * (dispersion * mean / (1 + (dispersion * mean)));
    }

    private static double LogProbability(int count, double mean, double dispersion)
    {
        if (dispersion < PoissonBelow)
            return Poisson.PMFLn(mean, count);
        var r = 1 / dispersion;
        return SpecialFunctions.GammaLn(count + r) - SpecialFunctions.GammaLn(count + 1.0) - SpecialFunctions.GammaLn(r)
            - (r * Math.Log(1 + (dispersion * mean))) + (count * Math.Log(dispersion * mean / (1 + (dispersion * mean))));
    }
}
