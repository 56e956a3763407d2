using MathNet.Numerics.Distributions;

namespace OutageAggregator.Core.Verdicts;

/// <summary>The upper tail of the standard normal distribution, right far into it.</summary>
internal static class NormalTail
{
    /// <summary>
    /// log10 P(Z &gt;= <paramref name="score"/>), 0 at or below the mean; beyond 5 deviations the asymptotic series of Mills' ratio
    /// (Abramowitz and Stegun 26.2.12), which stays right where the function underflows.
    /// </summary>
    internal static double Log10Upper(double score)
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
