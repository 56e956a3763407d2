using OutageAggregator.Core.Series;

namespace OutageAggregator.Web.Charts.Data;

/// <summary>One row of the table that says what a chart shows.</summary>
/// <param name="From">First minute.</param>
/// <param name="To">End, exclusive.</param>
/// <param name="Reports">"It's down", told in time.</param>
/// <param name="Expected">Usual number of them, or null where nothing is known of the usual.</param>
/// <param name="Back">"Back for me".</param>
/// <param name="Late">Told late.</param>
/// <param name="IsGap">True where any of it was not observed.</param>
public readonly record struct ChartRow(Minute From, Minute To, int Reports, double? Expected, int Back, int Late, bool IsGap);
