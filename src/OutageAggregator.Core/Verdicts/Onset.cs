namespace OutageAggregator.Core.Verdicts;

/// <summary>Estimates when an outage began that was noticed later.</summary>
internal static class Onset
{
    /// <summary>
    /// The start of the stretch up to now that best fits a raised rate: where the sum of (count - c * expected) from there on is largest,
    /// with c half way (geometrically) between the usual and what is seen now. The maximum-likelihood change point of a step, up to
    /// constants.
    /// </summary>
    internal static Minute Find(Window window, Verdict verdict)
    {
        var ratio = verdict.Evidence.Expected > 0 ? verdict.Evidence.Ratio : 2;
        var c = Math.Clamp(Math.Sqrt(ratio), 1.4, 4);
        var onset = window.End - 1;
        double sum = 0, best = double.NegativeInfinity;
        for (var m = window.End - 1; m >= window.Oldest && !window.IsIncident(m); m -= 1)
        {
            if (!window.IsObserved(m))
                continue;
            sum += window.Evidence(m) - (c * window.Expected(m)) - 0.02;
            if (sum > best)
                (best, onset) = (sum, m);
        }
        return onset;
    }
}
