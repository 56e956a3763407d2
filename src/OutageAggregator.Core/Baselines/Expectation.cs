namespace OutageAggregator.Core.Baselines;

/// <summary>What is usual for a stretch of minutes: a negative binomial by its mean and its overdispersion.</summary>
/// <param name="Mean">Reporters expected in the stretch, above 0.</param>
/// <param name="Dispersion">Overdispersion alpha, 0 or more: variance = mean + alpha * mean^2. 0 is Poisson.</param>
public readonly record struct Expectation(double Mean, double Dispersion)
{
    /// <summary>Variance of the count.</summary>
    public double Variance => Mean + (Dispersion * Mean * Mean);

    /// <summary>
    /// The smallest count k for which P(X &gt; k) is below 10^<paramref name="log10P"/>: what chance makes plausible at most.
    /// </summary>
    public int Upper(double log10P)
    {
        var step = (int)Math.Ceiling(4 * Math.Sqrt(Variance)) + 1;
        return Smallest((int)Mean, step, log10P, static (k, usual, log10P) => CountTail.Log10Upper(k + 1, usual) < log10P);
    }

    /// <summary>
    /// The largest count k for which P(X &lt; k) is below 10^<paramref name="log10P"/>: what chance makes plausible at least. It is the
    /// quantile, the smallest k whose P(X &lt;= k) reaches that probability.
    /// </summary>
    /// <param name="log10P">Below 0.</param>
    public int Lower(double log10P)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(log10P, 0);
        return Smallest(0, (int)Mean + 1, log10P, static (k, usual, log10P) => CountTail.Log10Lower(k, usual) >= log10P);
    }

    // The smallest count from "low" on of which something holds that holds of all above it. Nothing is captured, nothing allocated.
    private int Smallest(int low, int step, double log10P, Func<int, Expectation, double, bool> holds)
    {
        var high = low + step;
        for (; step > 0 && !holds(high, this, log10P); step *= 2)
            (low, high) = (high + 1, high + step);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (holds(middle, this, log10P))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
