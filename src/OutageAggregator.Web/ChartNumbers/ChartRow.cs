namespace OutageAggregator.Web.ChartNumbers;

/// <summary>One row of the table that says what a chart shows.</summary>
/// <param name="Expected">Usual number of them, or null where nothing is known of the usual.</param>
/// <param name="IsGap">True where any of it was not observed.</param>
public readonly record struct ChartRow(Minute From, Minute To, int Reports, double? Expected, int Back, int Late, bool IsGap);
