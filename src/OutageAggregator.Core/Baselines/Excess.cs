namespace OutageAggregator.Core.Baselines;

/// <summary>How many more reports there were in a stretch of minutes than usual, and how far chance could have moved the usual.</summary>
/// <param name="Reports">
/// Observed minus expected, in whole reports, of which a reporter has one in 30 minutes; below 0 where there were fewer than usual.
/// </param>
/// <param name="Low">The lower end of the interval, inclusive.</param>
/// <param name="High">The upper end of the interval, inclusive.</param>
/// <param name="Expected">Reports usual in the stretch, above 0.</param>
public readonly record struct Excess(long Reports, long Low, long High, double Expected)
{
    /// <summary>The part of usual stretches whose count lies within the interval, at least.</summary>
    public const double Level = 0.95;

    private static readonly double s_log10Tail = Math.Log10((1 - Level) / 2);

    /// <summary>
    /// The excess of what was observed. What the same minutes would have brought without the incident is not known: it is a count
    /// distributed as <paramref name="usual"/>, a negative binomial, so the excess lies between what was observed less the 97.5 % quantile
    /// of that distribution, and less its 2.5 % quantile (equal tails, exact quantiles; a prediction interval, for the usual's own error is
    /// in its dispersion). It is not cut at 0: an interval that holds 0 says that chance alone could have brought as many.
    /// </summary>
    /// <param name="observed">Reports counted in the stretch.</param>
    /// <param name="usual">What is usual for the same minutes.</param>
    public static Excess Of(long observed, Expectation usual) => new(
        (long)Math.Round(observed - usual.Mean, MidpointRounding.AwayFromZero),
        observed - usual.Upper(s_log10Tail), observed - usual.Lower(s_log10Tail), usual.Mean);
}
