namespace OutageAggregator.Core.Reports;

/// <summary>What was counted in a minute, or summed over a stretch of minutes.</summary>
/// <param name="Reports">"It's down", told in time.</param>
/// <param name="Reporters">
/// Distinct reporters among them. Within 30 minutes one reporter counts once per service, so over a stretch of up to 30
/// minutes of our own intake it equals <paramref name="Reports"/>; recorded data from elsewhere may say less.
/// </param>
/// <param name="Back">"Back for me".</param>
/// <param name="Late">"It was down", told more than 5 minutes after; never triggers.</param>
public readonly record struct MinuteCounts(int Reports, int Reporters, int Back, int Late)
{
    public static MinuteCounts operator +(MinuteCounts a, MinuteCounts b) =>
        new(a.Reports + b.Reports, a.Reporters + b.Reporters, a.Back + b.Back, a.Late + b.Late);

    public static MinuteCounts operator -(MinuteCounts a, MinuteCounts b) =>
        new(a.Reports - b.Reports, a.Reporters - b.Reporters, a.Back - b.Back, a.Late - b.Late);

    /// <summary>What <paramref name="count"/> reports of one cell add.</summary>
    public static MinuteCounts Of(ReportCell cell, int count = 1) =>
        cell.IsLate ? new(0, 0, 0, count)
        : cell.Kind == ReportKind.Back ? new(0, 0, count, 0)
        : new(count, count, 0, 0);

    public bool IsEmpty => this == default;
}

/// <summary>The counts of the stretch of minutes that starts at <paramref name="Start"/>.</summary>
public readonly record struct SeriesPoint(Minute Start, MinuteCounts Counts);

/// <summary>How often one cell was counted in one minute.</summary>
public readonly record struct CellCount(Minute Minute, ReportCell Cell, int Count);

/// <summary>How often one cell was counted over a stretch of minutes.</summary>
public readonly record struct CellTotal(ReportCell Cell, int Count);

/// <summary>The counts of one region over a stretch of minutes.</summary>
public readonly record struct RegionTotal(Region Region, MinuteCounts Counts);

/// <summary>The counts of one service, all regions together, over a stretch of minutes.</summary>
public readonly record struct ServiceTotal(ServiceSlug Service, MinuteCounts Counts);

/// <summary>Which cells a series is made of; null means all.</summary>
public readonly record struct CellFilter(Problem? Problem, Surface? Surface)
{
    public bool Matches(ReportCell cell) => (Problem is null || cell.Problem == Problem) && (Surface is null || cell.Surface == Surface);
}
