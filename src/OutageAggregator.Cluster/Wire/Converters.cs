using OutageAggregator.Core.Verdicts;
using OutageAggregator.Core.Watching;
using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Cluster.Wire;

[RegisterConverter]
internal sealed class MinuteConverter : IConverter<Minute, MinuteForm>
{
    public Minute ConvertFromSurrogate(in MinuteForm surrogate) => new(surrogate.Number);

    public MinuteForm ConvertToSurrogate(in Minute value) => new() { Number = value.Number };
}

[RegisterConverter]
internal sealed class RegionConverter : IConverter<Region, RegionForm>
{
    public Region ConvertFromSurrogate(in RegionForm surrogate) => Region.Parse(surrogate.Code);

    public RegionForm ConvertToSurrogate(in Region value) => new() { Code = value.ToString() };
}

[RegisterConverter]
internal sealed class ReportBatchConverter : IConverter<ReportBatch, ReportBatchForm>
{
    public ReportBatch ConvertFromSurrogate(in ReportBatchForm surrogate) => new(
        new BatchId(surrogate.Id), WatchKey.Parse(surrogate.Key), Instants.Of(surrogate.ReceivedAt), Array.ConvertAll(surrogate.Reports, Of));

    public ReportBatchForm ConvertToSurrogate(in ReportBatch value) => new()
    {
        Id = value.Id.Value,
        Key = value.Key.ToString(),
        ReceivedAt = value.ReceivedAt.UtcTicks,
        Reports = [.. value.Reports.Select(Of)],
    };

    private static Report Of(ReportForm form) => new(
        new Reporter(form.High, form.Low),
        new ReportCell(form.Cell),
        new Minute(form.At),
        form.Comment is null && form.WentTo is null ? null : new Remark(form.Comment, form.WentTo is null ? null : ServiceSlug.Parse(form.WentTo)));

    private static ReportForm Of(Report report) => new()
    {
        High = report.Reporter.High,
        Low = report.Reporter.Low,
        Cell = report.Cell.Number,
        At = report.At.Number,
        Comment = report.Remark?.Comment,
        WentTo = report.Remark?.WentTo?.ToString(),
    };
}

[RegisterConverter]
internal sealed class BatchReceiptConverter : IConverter<BatchReceipt, BatchReceiptForm>
{
    public BatchReceipt ConvertFromSurrogate(in BatchReceiptForm surrogate) => new(
        Array.ConvertAll(surrogate.Receipts, r => new Receipt((ReportOutcome)r.Outcome, Instants.Of(r.Until))), surrogate.IsRepeat, Instants.Of(surrogate.ReceivedAt));

    public BatchReceiptForm ConvertToSurrogate(in BatchReceipt value) => new()
    {
        Receipts = [.. value.Receipts.Select(r => new ReceiptForm { Outcome = (byte)r.Outcome, Until = r.Until.UtcTicks })],
        IsRepeat = value.IsRepeat,
        ReceivedAt = value.ReceivedAt.UtcTicks,
    };
}

[RegisterConverter]
internal sealed class JoinPointConverter : IConverter<JoinPoint, JoinPointForm>
{
    public JoinPoint ConvertFromSurrogate(in JoinPointForm surrogate) => new(new Minute(surrogate.End), Modes.Of(surrogate.Mode));

    public JoinPointForm ConvertToSurrogate(in JoinPoint value) => new() { End = value.End.Number, Mode = Modes.Of(value.Mode) };
}

[RegisterConverter]
internal sealed class ClosingMinutesConverter : IConverter<ClosingMinutes, ClosingMinutesForm>
{
    public ClosingMinutes ConvertFromSurrogate(in ClosingMinutesForm surrogate) => new(
        new Minute(surrogate.From),
        new Minute(surrogate.To),
        Array.ConvertAll(surrogate.Observed, o => new MinuteRange(new Minute(o.From), new Minute(o.To))),
        Modes.Of(surrogate.Mode));

    public ClosingMinutesForm ConvertToSurrogate(in ClosingMinutes value) => new()
    {
        From = value.From.Number,
        To = value.To.Number,
        Observed = [.. value.Observed.Select(o => new MinuteRangeForm { From = o.From.Number, To = o.To.Number })],
        Mode = Modes.Of(value.Mode),
    };
}

[RegisterConverter]
internal sealed class RegionReadingConverter : IConverter<RegionReading, RegionReadingForm>
{
    public RegionReading ConvertFromSurrogate(in RegionReadingForm surrogate) => new(
        Region.Parse(surrogate.Region),
        new Minute(surrogate.From),
        new Verdict((VerdictLevel)surrogate.Level, Modes.Of(surrogate.Evidence)),
        new Minute(surrogate.Onset),
        surrogate.IsRaised,
        surrogate.Reports,
        surrogate.Reporters);

    public RegionReadingForm ConvertToSurrogate(in RegionReading value) => new()
    {
        Region = value.Region.ToString(),
        From = value.From.Number,
        Level = (byte)value.Verdict.Level,
        Evidence = Modes.Of(value.Verdict.Evidence),
        Onset = value.Onset.Number,
        IsRaised = value.IsRaised,
        Reports = value.Reports.ToArray(),
        Reporters = value.Reporters.ToArray(),
    };
}

internal static class Instants
{
    internal static DateTimeOffset Of(long ticks) => new(ticks, TimeSpan.Zero);
}

internal static class Modes
{
    internal static WatchMode Of(in WatchModeForm form) => new(form.InIncident, new Minute(form.From), form.Number, Of(form.Evidence));

    internal static WatchModeForm Of(in WatchMode mode) => new() { InIncident = mode.InIncident, From = mode.From.Number, Number = mode.Number, Evidence = Of(mode.Evidence) };

    // No verdict is the default value, whose texts are null.
    internal static Evidence Of(in EvidenceForm form) => new(
        form.Detector!, form.Rule!, form.Region is null ? Region.World : Region.Parse(form.Region), form.WindowMinutes, form.Observed, form.Expected, form.Upper,
        form.Log10PValue, form.Reporters, form.MinimumReporters);

    internal static EvidenceForm Of(in Evidence evidence) => new()
    {
        Detector = evidence.Detector,
        Rule = evidence.Rule,
        Region = evidence.Region == Region.World ? null : evidence.Region.ToString(),
        WindowMinutes = evidence.WindowMinutes,
        Observed = evidence.Observed,
        Expected = evidence.Expected,
        Upper = evidence.Upper,
        Log10PValue = evidence.Log10PValue,
        Reporters = evidence.Reporters,
        MinimumReporters = evidence.MinimumReporters,
    };
}
