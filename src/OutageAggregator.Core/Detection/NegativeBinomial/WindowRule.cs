namespace OutageAggregator.Core.Detection.NegativeBinomial;

/// <summary>What one window must show to raise an incident, at the lowest bar.</summary>
/// <param name="Code">Stable code, shown as evidence.</param>
/// <param name="Minutes">Its length.</param>
/// <param name="Log10P">log10 of the chance below which the count is no accident.</param>
/// <param name="Ratio">Least ratio of observed to expected.</param>
/// <param name="Reporters">Fewest distinct reporters.</param>
/// <param name="WithoutLargest">Whether the rest of the window must hold, too, when its largest minute is taken away.</param>
internal sealed record WindowRule(string Code, int Minutes, double Log10P, double Ratio, int Reporters, bool WithoutLargest)
{
    /// <summary>
    /// How far a window is beyond what the rule asks for: the lesser of log p over the rule's, and log ratio over the rule's. 1 is just
    /// enough; at a strength of 2 the chance is the square of the rule's, and the ratio, too.
    /// </summary>
    internal double Strength(double ratio, double log10P) => Math.Min(Math.Log(ratio) / Math.Log(Ratio), log10P / Log10P);
}

/// <summary>One window that stands out; <c>default</c> stands for none.</summary>
internal readonly record struct Candidate(
    WindowRule? Rule, int Minutes, int Observed, Expectation Expectation, double Log10P, double Strength, double Bar)
{
    /// <summary>Where no strength was measured (too few reporters, or one minute made it), it is 0: more than usual, no more.</summary>
    internal VerdictLevel Level => Rule is null ? VerdictLevel.Normal : Strength >= Bar ? VerdictLevel.Outage : VerdictLevel.Elevated;

    /// <summary>The one that says more: the higher level, then the smaller p-value.</summary>
    internal static Candidate Worse(in Candidate a, in Candidate b) =>
        b.Rule is null ? a
        : a.Rule is null || b.Level > a.Level || (b.Level == a.Level && b.Log10P < a.Log10P) ? b
        : a;
}
