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
    Minute Minute, int Reports, double Excess, int Five, double FiveExpected, double Ratio, Minute Onset, Verdict Verdict,
    bool RegionIsRaised, Region[] OutageRegions)
{
    /// <summary>The minute that the world's window closed last; onset and verdict may be those of a region.</summary>
    internal static LifecycleMinute Read(Window window, Verdict verdict, Minute onset, bool regionIsRaised, Region[] outageRegions)
    {
        var minute = window.End - 1;
        var excess = window.Evidence(minute) - window.Expected(minute);
        var (five, fiveExpected) = window.LastFive();
        var ratio = verdict.Evidence.Expected > 0 ? verdict.Evidence.Ratio : 1;
        return new(minute, window.Reports(minute), excess, five, fiveExpected, ratio, onset, verdict, regionIsRaised, outageRegions);
    }
}
