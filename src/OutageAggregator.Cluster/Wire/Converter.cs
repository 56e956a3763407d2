using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Cluster.Wire;

/// <summary>Turns the core's values into their forms and back.</summary>
[RegisterConverter]
internal sealed class Converter :
    IConverter<Minute, MinuteForm>, IConverter<Region, RegionForm>, IConverter<ReportBatch, ReportBatchForm>,
    IConverter<BatchReceipt, BatchReceiptForm>, IConverter<JoinPoint, JoinPointForm>, IConverter<ClosingMinutes, ClosingMinutesForm>,
    IConverter<RegionReading, RegionReadingForm>
{
    public Minute ConvertFromSurrogate(in MinuteForm surrogate) => new(surrogate.Number);
    public MinuteForm ConvertToSurrogate(in Minute value) => new(value.Number);

    public Region ConvertFromSurrogate(in RegionForm surrogate) => Region.Parse(surrogate.Code);
    public RegionForm ConvertToSurrogate(in Region value) => new(value.ToString());

    public ReportBatch ConvertFromSurrogate(in ReportBatchForm surrogate) => new(
        new BatchId(surrogate.Id), WatchKey.Parse(surrogate.Key), Instant(surrogate.ReceivedAt), Array.ConvertAll(surrogate.Reports, Of));
    public ReportBatchForm ConvertToSurrogate(in ReportBatch value) =>
        new(value.Id.Value, value.Key.ToString(), value.ReceivedAt.UtcTicks, [.. value.Reports.Select(Of)]);

    public BatchReceipt ConvertFromSurrogate(in BatchReceiptForm surrogate) => new(
        Array.ConvertAll(surrogate.Receipts, r => new Receipt((ReportOutcome)r.Outcome, Instant(r.Until))), surrogate.IsRepeat,
        Instant(surrogate.ReceivedAt));
    public BatchReceiptForm ConvertToSurrogate(in BatchReceipt value) =>
        new([.. value.Receipts.Select(r => new ReceiptForm((byte)r.Outcome, r.Until.UtcTicks))], value.IsRepeat, value.ReceivedAt.UtcTicks);

    public JoinPoint ConvertFromSurrogate(in JoinPointForm surrogate) => new(new Minute(surrogate.End), Of(surrogate.Mode));
    public JoinPointForm ConvertToSurrogate(in JoinPoint value) => new(value.End.Number, Of(value.Mode));

    public ClosingMinutes ConvertFromSurrogate(in ClosingMinutesForm surrogate) => new(
        new Minute(surrogate.From), new Minute(surrogate.To),
        Array.ConvertAll(surrogate.Observed, o => new MinuteRange(new Minute(o.From), new Minute(o.To))), Of(surrogate.Mode));
    public ClosingMinutesForm ConvertToSurrogate(in ClosingMinutes value) => new(
        value.From.Number, value.To.Number, [.. value.Observed.Select(o => new MinuteRangeForm(o.From.Number, o.To.Number))],
        Of(value.Mode));

    public RegionReading ConvertFromSurrogate(in RegionReadingForm surrogate) => new(
        Region.Parse(surrogate.Region), new Minute(surrogate.From), new Verdict((VerdictLevel)surrogate.Level, Of(surrogate.Evidence)),
        new Minute(surrogate.Onset), surrogate.IsRaised, surrogate.Reports, surrogate.Reporters);
    public RegionReadingForm ConvertToSurrogate(in RegionReading value) => new(
        value.Region.ToString(), value.From.Number, (byte)value.Verdict.Level, Of(value.Verdict.Evidence), value.Onset.Number,
        value.IsRaised, value.Reports.ToArray(), value.Reporters.ToArray());

    internal static WatchModeForm Of(WatchMode mode) => new(mode.InIncident, mode.From.Number, mode.Number, Of(mode.Evidence));

    internal static EvidenceForm Of(in Evidence evidence) => new(
        evidence.Detector, evidence.Rule, evidence.Region == Region.World ? null : evidence.Region.ToString(), evidence.WindowMinutes,
        evidence.Observed, evidence.Expected, evidence.Upper, evidence.Log10PValue, evidence.Reporters, evidence.MinimumReporters);

    private static WatchMode Of(WatchModeForm form) => new(form.InIncident, new Minute(form.From), form.Number, Of(form.Evidence));

    // No verdict is the default value, whose texts are null.
    private static Evidence Of(in EvidenceForm form) => new(
        form.Detector!, form.Rule!, form.Region is null ? Region.World : Region.Parse(form.Region), form.WindowMinutes, form.Observed,
        form.Expected, form.Upper, form.Log10PValue, form.Reporters, form.MinimumReporters);

    private static Report Of(ReportForm form) => new(
        new Reporter(form.High, form.Low), new ReportCell(form.Cell), new Minute(form.At),
        form is { Comment: null, WentTo: null } ? null : new Remark(form.Comment, form.WentTo is { } to ? ServiceSlug.Parse(to) : null));

    private static ReportForm Of(Report report) => new(
        report.Reporter.High, report.Reporter.Low, report.Cell.Number, report.At.Number, report.Remark?.Comment,
        report.Remark?.WentTo?.ToString());

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
