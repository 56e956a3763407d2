using OutageAggregator.Core.Baselines;

namespace OutageAggregator.Core.Detection.NegativeBinomial;

/// <summary>What one window must show to raise an incident.</summary>
/// <param name="Code">Stable code, shown as evidence.</param>
/// <param name="Minutes">Its length.</param>
/// <param name="Log10P">log10 of the chance below which the count is no accident.</param>
/// <param name="Ratio">Least ratio of observed to expected.</param>
/// <param name="Reporters">Fewest distinct reporters.</param>
/// <param name="WithoutLargest">Whether the rest of the window must hold, too, when its largest minute is taken away.</param>
internal sealed record WindowRule(string Code, int Minutes, double Log10P, double Ratio, int Reporters, bool WithoutLargest);

/// <summary>One window that stands out; <c>default</c> stands for none.</summary>
internal readonly record struct Candidate(
    WindowRule? Rule, int Minutes, int Observed, Expectation Expectation, double Log10P, VerdictLevel Level)
{
    /// <summary>The one that says more: the higher level, then the smaller p-value.</summary>
    internal static Candidate Worse(in Candidate a, in Candidate b) =>
        b.Rule is null ? a
        : a.Rule is null || b.Level > a.Level || (b.Level == a.Level && b.Log10P < a.Log10P) ? b
        : a;
}
