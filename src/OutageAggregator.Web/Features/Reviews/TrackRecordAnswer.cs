namespace OutageAggregator.Web.Features.Reviews;

/// <summary>The track record in all, and by the year of the onset.</summary>
/// <param name="Years">Years with any incident, the newest first, at most 20.</param>
/// <param name="Complete">False where only the latest 100,000 incidents were counted.</param>
public sealed record TrackRecordAnswer(RecordPart All, ImmutableArray<YearPart> Years, bool Complete)
{
    internal static TrackRecordAnswer Of(TrackRecords records) => new(
        RecordPart.Of(records.All), [.. records.Years.Select(y => new YearPart(y.Year, RecordPart.Of(y.Record)))], records.IsComplete);
}

/// <summary>The incidents that began in one year, UTC.</summary>
public sealed record YearPart(int Year, RecordPart Record);

/// <summary>What was counted.</summary>
/// <param name="Ended">Incidents that ended.</param>
/// <param name="Reviewed">Those of them that were reviewed.</param>
/// <param name="Decided">Reviewed without the unclear.</param>
/// <param name="ConfirmedShare">Confirmed among the decided, 0 to 1; null where nothing is decided.</param>
/// <param name="MedianDelayMinutes">Median time from the estimated onset to the detection of confirmed incidents; null without any.</param>
public sealed record RecordPart(
    int Ended, int Reviewed, int Confirmed, int FalseAlarms, int Collateral, int Unclear, int Decided,
    [property: Range(0d, 1)] double? ConfirmedShare, IntervalPart? ConfirmedInterval, double? MedianDelayMinutes)
{
    internal static RecordPart Of(TrackRecord record) => new(
        record.Ended, record.Reviewed, record.Confirmed, record.FalseAlarms, record.Collateral, record.Unclear, record.Decided,
        Rounded.Of(record.ConfirmedShare),
        record.ConfirmedInterval is { } interval
            ? new IntervalPart(WilsonInterval.Level, Rounded.Of(interval.Lower), Rounded.Of(interval.Upper))
            : null,
        record.MedianDelayMinutes is { } delay ? Math.Round(delay, 2) : null);
}

/// <summary>Wilson's score interval (1927) around the share.</summary>
public sealed record IntervalPart(double Level, [property: Range(0d, 1)] double Lower, [property: Range(0d, 1)] double Upper);
