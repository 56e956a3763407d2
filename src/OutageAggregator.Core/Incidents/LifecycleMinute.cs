using OutageAggregator.Core.Detection;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Incidents;

/// <summary>
/// What the lifecycle needs to know of one closed minute. Everything is read when the minute closes, so that planning it twice gives
/// the same events.
/// </summary>
/// <param name="Minute">The minute.</param>
/// <param name="Reports">Reports in it, world.</param>
/// <param name="Excess">Reporters above the expectation, may be negative.</param>
/// <param name="Five">Reporters in the last five observed minutes.</param>
/// <param name="FiveExpected">Reporters expected in them.</param>
/// <param name="Ratio">The worst window's ratio to its expectation.</param>
/// <param name="Onset">Estimated first minute of the excess that ends here; only where the verdict is an outage.</param>
/// <param name="Verdict">The worst verdict of the world and the regions.</param>
/// <param name="OutageRegions">Regions whose own verdict is an outage, in code order.</param>
internal readonly record struct LifecycleMinute(
    Minute Minute,
    int Reports,
    double Excess,
    int Five,
    double FiveExpected,
    double Ratio,
    Minute Onset,
    Verdict Verdict,
    Region[] OutageRegions)
{
    internal static LifecycleMinute Read(Window window, Verdict verdict, Region[] outageRegions)
    {
        var minute = window.End - 1;
        var five = 0;
        double fiveExpected = 0;
        for (var m = minute; m > minute - 5 && m >= window.Oldest; m -= 1)
        {
            if (!window.IsObserved(m))
                continue;
            five += window.Evidence(m);
            fiveExpected += window.Expected(m);
        }
        return new LifecycleMinute(
            minute,
            window.Reports(minute),
            window.Evidence(minute) - window.Expected(minute),
            five,
            fiveExpected,
            verdict.Evidence.Expected > 0 ? verdict.Evidence.Ratio : 1,
            verdict.Level == VerdictLevel.Outage ? FindOnset(window, verdict.Evidence.Expected > 0 ? verdict.Evidence.Ratio : 2) : default,
            verdict,
            outageRegions);
    }

    /// <summary>
    /// The start of the stretch up to now that best fits a raised rate: where the sum of (count - c * expected) from there on is largest,
    /// with c half way (geometrically) between the usual and what is seen now. The maximum-likelihood change point of a step, up to constants.
    /// </summary>
    private static Minute FindOnset(Window window, double ratio)
    {
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
