using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Cluster.Wire;

/// <summary>Turns the core's values into their surrogates and back.</summary>
[RegisterConverter]
internal sealed class Converter :
    IConverter<Minute, MinuteSurrogate>, IConverter<Region, RegionSurrogate>, IConverter<ReportBatch, ReportBatchSurrogate>,
    IConverter<BatchReceipt, BatchReceiptSurrogate>, IConverter<JoinPoint, JoinPointSurrogate>,
    IConverter<ClosingMinutes, ClosingMinutesSurrogate>, IConverter<RegionReading, RegionReadingSurrogate>
{
    public Minute ConvertFromSurrogate(in MinuteSurrogate surrogate) => new(surrogate.Number);
    public MinuteSurrogate ConvertToSurrogate(in Minute value) => new(value.Number);

    public Region ConvertFromSurrogate(in RegionSurrogate surrogate) => Region.Parse(surrogate.Code);
    public RegionSurrogate ConvertToSurrogate(in Region value) => new(value.ToString());

    public ReportBatch ConvertFromSurrogate(in ReportBatchSurrogate surrogate) => new(
        new BatchId(surrogate.Id), WatchKey.Parse(surrogate.Key), Instant(surrogate.ReceivedAt), Array.ConvertAll(surrogate.Reports, Of));
    public ReportBatchSurrogate ConvertToSurrogate(in ReportBatch value) =>
        new(value.Id.Value, value.Key.ToString(), value.ReceivedAt.UtcTicks, [.. value.Reports.Select(Of)]);

    public BatchReceipt ConvertFromSurrogate(in BatchReceiptSurrogate surrogate) => new(
        Array.ConvertAll(surrogate.Receipts, r => new Receipt((ReportOutcome)r.Outcome, Instant(r.Until))), surrogate.IsRepeat,
        Instant(surrogate.ReceivedAt));
    public BatchReceiptSurrogate ConvertToSurrogate(in BatchReceipt value) => new(
        [.. value.Receipts.Select(r => new ReceiptSurrogate((byte)r.Outcome, r.Until.UtcTicks))], value.IsRepeat,
        value.ReceivedAt.UtcTicks);

    public JoinPoint ConvertFromSurrogate(in JoinPointSurrogate surrogate) => new(new Minute(surrogate.End), Of(surrogate.Mode));
    public JoinPointSurrogate ConvertToSurrogate(in JoinPoint value) => new(value.End.Number, Of(value.Mode));

    public ClosingMinutes ConvertFromSurrogate(in ClosingMinutesSurrogate surrogate) => new(
        new Minute(surrogate.From), new Minute(surrogate.To),
        Array.ConvertAll(surrogate.Observed, o => new MinuteRange(new Minute(o.From), new Minute(o.To))), Of(surrogate.Mode));
    public ClosingMinutesSurrogate ConvertToSurrogate(in ClosingMinutes value) => new(
        value.From.Number, value.To.Number, [.. value.Observed.Select(o => new MinuteRangeSurrogate(o.From.Number, o.To.Number))],
        Of(value.Mode));

    public RegionReading ConvertFromSurrogate(in RegionReadingSurrogate surrogate) => new(
        Region.Parse(surrogate.Region), new Minute(surrogate.From), new Verdict((VerdictLevel)surrogate.Level, Of(surrogate.Evidence)),
        new Minute(surrogate.Onset), surrogate.IsRaised, surrogate.Reports, surrogate.Reporters);
    public RegionReadingSurrogate ConvertToSurrogate(in RegionReading value) => new(
        value.Region.ToString(), value.From.Number, (byte)value.Verdict.Level, Of(value.Verdict.Evidence), value.Onset.Number,
        value.IsRaised, value.Reports.ToArray(), value.Reporters.ToArray());

    internal static WatchModeSurrogate Of(WatchMode mode) => new(mode.InIncident, mode.From.Number, mode.Number, Of(mode.Evidence));

    internal static EvidenceSurrogate Of(in Evidence evidence) => new(
        evidence.Detector, evidence.Rule, evidence.Region == Region.World ? null : evidence.Region.ToString(), evidence.WindowMinutes,
        evidence.Observed, evidence.Expected, evidence.Upper, evidence.Log10PValue, evidence.Reporters, evidence.MinimumReporters,
        evidence.IsPrior);

    private static WatchMode Of(WatchModeSurrogate sent) => new(sent.InIncident, new Minute(sent.From), sent.Number, Of(sent.Evidence));

    // No verdict is the default value, whose texts are null.
    private static Evidence Of(in EvidenceSurrogate sent) => new(
        sent.Detector!, sent.Rule!, sent.Region is null ? Region.World : Region.Parse(sent.Region), sent.WindowMinutes, sent.Observed,
        sent.Expected, sent.Upper, sent.Log10PValue, sent.Reporters, sent.MinimumReporters)
    {
        IsPrior = sent.IsPrior,
    };

    private static Report Of(ReportSurrogate sent) => new(
        new Reporter(sent.High, sent.Low), new ReportCell(sent.Cell), new Minute(sent.At),
        Remark.Of(sent.Comment, sent.WentTo is { } to ? ServiceSlug.Parse(to) : null, sent.WentToWorked));

    private static ReportSurrogate Of(Report report) => new(
        report.Reporter.High, report.Reporter.Low, report.Cell.Number, report.At.Number, report.Remark?.Comment,
        report.Remark?.WentTo?.ToString(), report.Remark?.WentToWorked);

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
