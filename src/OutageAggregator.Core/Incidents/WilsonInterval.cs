using MathNet.Numerics.Distributions;

namespace OutageAggregator.Core.Incidents;

/// <summary>
/// An interval for a share of which only a sample is known: the score interval of E. B. Wilson, "Probable inference, the law of succession,
/// and statistical inference", Journal of the American Statistical Association 22 (1927), 209 to 212. With p successes in n trials, as a
/// share, and z the normal quantile of the level:
/// <code>
///   (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n)
/// </code>
/// Chosen over the textbook's p ± z √(p(1 - p)/n), which claims certainty for 3 of 3, and over the exact interval, which is wider than its
/// level says: track records begin with few reviews.
/// </summary>
/// <param name="Lower">0 to the share.</param>
/// <param name="Upper">From the share to 1.</param>
public readonly record struct WilsonInterval(double Lower, double Upper)
{
    /// <summary>The level that the project publishes.</summary>
    public const double Level = 0.95;

    /// <summary>The interval around <paramref name="successes"/> / <paramref name="trials"/>.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    /// <param name="level">How often the interval should hold the true share, between 0 and 1.</param>
    public static WilsonInterval Of(int successes, int trials, double level = Level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(successes, Math.Clamp(successes, 0, trials));
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level lies between 0 and 1.");
        var z = Normal.InvCDF(0, 1, (1 + level) / 2);
        double n = trials, p = successes / n, square = z * z;
        var centre = p + (square / (2 * n));
        var half = z * Math.Sqrt((p * (1 - p) / n) + (square / (4 * n * n)));
        var whole = 1 + (square / n);
        // With none or all of the trials one end is 0 or 1 exactly; rounding must not move it.
        return new WilsonInterval(
            successes == 0 ? 0 : Math.Max(0, (centre - half) / whole), successes == trials ? 1 : Math.Min(1, (centre + half) / whole));
    }
}
