namespace OutageAggregator.Core.Baselines;

/// <summary>
/// What is usual for a stretch of minutes: a negative binomial by its mean and its overdispersion.
/// </summary>
/// <param name="Mean">Reporters expected in the stretch, above 0.</param>
/// <param name="Dispersion">
/// Overdispersion alpha, 0 or more: variance = mean + alpha * mean^2. 0 is Poisson.
/// </param>
public readonly record struct Expectation(double Mean, double Dispersion)
{
    /// <summary>Variance of the count.</summary>
    public double Variance => Mean + (Dispersion * Mean * Mean);

    /// <summary>
    /// The most that chance makes plausible: the smallest count k for which P(X &gt; k) is below 10^<paramref name="log10P"/>.
    /// </summary>
    public int Upper(double log10P) => CountTail.UpperBound(this, log10P);

    /// <summary>
    /// The least that chance makes plausible: the largest count k for which P(X &lt; k) is below 10^<paramref name="log10P"/>.
    /// </summary>
    public int Lower(double log10P) => CountTail.LowerBound(this, log10P);
}
