namespace OutageAggregator.Core.Reports;

/// <summary>What a reporter tells of a report after it was made; null where nothing is told of it.</summary>
public sealed record ReportDetails(Problem? Problem, Surface? Surface, Region? Region, Remark? Remark)
{
    /// <summary>True where nothing is told.</summary>
    public bool IsEmpty => Problem is null && Surface is null && Region is null && Remark is null;
}

/// <summary>
/// A counted report as it stands, with all that was told of it. Each thing is told once: what the report says already stays, so that it
/// moves between counts once at most for each, whoever repeats what.
/// </summary>
/// <param name="Key">Where it is counted.</param>
/// <param name="Report">The report, without its words.</param>
/// <param name="Remark">Its words, if any.</param>
public readonly record struct ToldReport(WatchKey Key, Report Report, Remark? Remark)
{
    /// <summary>A report as it was made.</summary>
    public static ToldReport Of(WatchKey key, Report report) => new(key, report with { Remark = null }, report.Remark);

    /// <summary>The report with what it did not say before, and what of the details that is.</summary>
    public (ToldReport After, ReportDetails Taken) Add(ReportDetails details)
    {
        ArgumentNullException.ThrowIfNull(details);
        var (cell, said) = (Report.Cell, Remark ?? new Remark(null, null));
        var taken = new ReportDetails(
            cell.Problem == Reports.Problem.Unavailable && details.Problem is not Reports.Problem.Unavailable ? details.Problem : null,
            cell.Surface == Reports.Surface.Unknown && details.Surface is not Reports.Surface.Unknown ? details.Surface : null,
            Key.Region == Region.Unknown && details.Region is { } stated && stated != Region.Unknown && stated != Region.World
                ? stated
                : null,
            Remark.Of(
                said.Comment is null ? details.Remark?.Comment : null, said.WentTo is null ? details.Remark?.WentTo : null,
                said.WentToWorked is null ? details.Remark?.WentToWorked : null));
        var after = new ToldReport(
            Key with { Region = taken.Region ?? Key.Region },
            Report with { Cell = ReportCell.Of(cell.Kind, taken.Problem ?? cell.Problem, taken.Surface ?? cell.Surface, cell.IsLate) },
            Remark.Of(
                said.Comment ?? taken.Remark?.Comment, said.WentTo ?? taken.Remark?.WentTo,
                said.WentToWorked ?? taken.Remark?.WentToWorked));
        return (after, taken);
    }
}

/// <summary>What became of details.</summary>
/// <param name="From">Where the report was counted when it was made.</param>
/// <param name="Told">The report as it stands now.</param>
/// <param name="Taken">What is new in it.</param>
public sealed record Amendment(WatchKey From, ToldReport Told, ReportDetails Taken)
{
    /// <summary>True where it is counted in another region than at first.</summary>
    public bool IsMoved => From != Told.Key;
}
