using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;

namespace OutageAggregator.Web.Features.Reviews;

/// <summary>The track record in all and by year, the newest first.</summary>
/// <param name="Complete">False where there were more incidents than are counted.</param>
internal sealed record TrackRecordAnswer(RecordPart All, ImmutableArray<YearPart> Years, bool Complete)
{
    internal static TrackRecordAnswer Of(TrackRecords records) => new(
        RecordPart.Of(records.All),
        [.. records.Years.Select(y => new YearPart(y.Year, RecordPart.Of(y.Record)))],
        records.IsComplete);
}

internal sealed record YearPart(int Year, RecordPart Record);

/// <summary>What was counted, and the share of confirmed ones among those that were decided.</summary>
internal sealed record RecordPart(
    int Ended,
    int Reviewed,
    int Confirmed,
    int FalseAlarms,
    int Collateral,
    int Unclear,
    int Decided,
    double? ConfirmedShare,
    IntervalPart? ConfirmedInterval,
    double? MedianDelayMinutes)
{
    internal static RecordPart Of(TrackRecord record) => new(
        record.Ended,
        record.Reviewed,
        record.Confirmed,
        record.FalseAlarms,
        record.Collateral,
        record.Unclear,
        record.Decided,
        record.ConfirmedShare is { } share ? Rounded.Part(share) : null,
        record.ConfirmedInterval is { } interval
            ? new IntervalPart(WilsonInterval.Level, Rounded.Part(interval.Lower), Rounded.Part(interval.Upper))
            : null,
        record.MedianDelayMinutes is { } delay ? Math.Round(delay, 2) : null);
}

internal sealed record IntervalPart(double Level, double Lower, double Upper);

[JsonSerializable(typeof(IncidentAnswer))]
[JsonSerializable(typeof(TrackRecordAnswer))]
internal sealed partial class ReviewJson : JsonSerializerContext
{
    internal static ReviewJson Written { get; } = new(AnswerJson.Options());
}
