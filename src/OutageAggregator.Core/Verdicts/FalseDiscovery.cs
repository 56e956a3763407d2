namespace OutageAggregator.Core.Verdicts;

/// <summary>
/// Which of many tests found something, corrected for their number: the procedure of Benjamini and Hochberg (1995). Of what it finds, at most
/// a stated part is expected to be chance; where all is chance, it finds anything in at most that part of the looks.
/// </summary>
public static class FalseDiscovery
{
    /// <summary>The places of the tests that found something, the most significant first.</summary>
    /// <param name="log10PValues">log10 of the p-value of each test that may have found something.</param>
    /// <param name="tests">How many were made in all.</param>
    /// <param name="rate">The part that may be chance, 0 to 1.</param>
    public static IReadOnlyList<int> Of(IReadOnlyList<double> log10PValues, int tests, double rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tests, log10PValues.Count);
        var order = Enumerable.Range(0, log10PValues.Count).OrderBy(i => log10PValues[i]).ToList();
        // The most that were found such that the last of k has a p-value of at most k/m of the rate.
        var found = order.Count;
        while (found > 0 && log10PValues[order[found - 1]] > Math.Log10(found * rate / tests))
            found--;
        return order[..found];
    }
}
