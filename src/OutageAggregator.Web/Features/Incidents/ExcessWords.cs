using OutageAggregator.Core.Baselines;
using OutageAggregator.Web.Charts;

namespace OutageAggregator.Web.Features.Incidents;

/// <summary>How many more than usual reported, as a sentence.</summary>
public static class ExcessWords
{
    /// <summary>
    /// "About 18,900 more than usual (18,710 to 19,070; 500 would have been usual)." No digit is shown that is smaller than a tenth of the
    /// interval; its ends are rounded outwards.
    /// </summary>
    public static string Of(Excess excess)
    {
        var unit = 1L;
        while (unit * 100 <= excess.High - excess.Low)
            unit *= 10;
        var about = (long)Math.Round((double)excess.Reporters / unit, MidpointRounding.AwayFromZero) * unit;
        var (low, high) = ((long)Math.Floor((double)excess.Low / unit) * unit, (long)Math.Ceiling((double)excess.High / unit) * unit);
        var interval = low < 0 ? $"between {Amount(low)} and {Amount(high)}" : $"{ChartWords.Count(low)} to {ChartWords.Count(high)}";
        return $"About {(about == 0 ? "as many as" : $"{Amount(about)} than")} usual ({interval}; {ChartWords.Usual(excess.Expected)} would have been usual).";
    }

    private static string Amount(long reporters) => reporters < 0 ? $"{ChartWords.Count(-reporters)} fewer" : $"{ChartWords.Count(reporters)} more";
}
