using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Verdicts;
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
/// <param name="RegionIsRaised">A region is in outage and not back to its own usual, whatever the world's sum hides.</param>
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
    bool RegionIsRaised,
    Region[] OutageRegions)
{
    /// <param name="window">The world's window.</param>
    /// <param name="verdict">The worst verdict of the world and the regions.</param>
    /// <param name="onset">Where it is an outage, its onset in the series that it speaks of.</param>
    /// <param name="regionIsRaised">See <see cref="RegionIsRaised"/>.</param>
    /// <param name="outageRegions">See <see cref="OutageRegions"/>.</param>
    internal static LifecycleMinute Read(Window window, Verdict verdict, Minute onset, bool regionIsRaised, Region[] outageRegions)
    {
        var minute = window.End - 1;
        var (five, fiveExpected) = window.LastFive();
        return new LifecycleMinute(
            minute,
            window.Reports(minute),
            window.Evidence(minute) - window.Expected(minute),
            five,
            fiveExpected,
            verdict.Evidence.Expected > 0 ? verdict.Evidence.Ratio : 1,
            onset,
            verdict,
            regionIsRaised,
            outageRegions);
    }
}
