using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>A line of a batch: a report to be counted, or the problem why it is refused.</summary>
internal sealed class BatchLine
{
    private BatchLine(WatchKey watch, Report report) => (Watch, Report) = (watch, report);

    private BatchLine(ProblemAnswer problem) => Problem = problem;

    /// <summary>Why the line is refused; null where it is not.</summary>
    public ProblemAnswer? Problem { get; }

    public WatchKey Watch { get; }

    public Report Report { get; }

    /// <summary>Set when its watch has answered.</summary>
    public IntakeAnswer Answer { get; set; }

    /// <param name="text">The line without its line break.</param>
    /// <param name="catalog">The services.</param>
    /// <param name="key">Makes the sender's own user a reporter.</param>
    /// <param name="sender">Name of the sender's key.</param>
    /// <param name="seenAt">When the batch first came: a repetition is read as of the same instant.</param>
    /// <param name="now">The server's clock: what a repetition is the first to store may be late by now.</param>
    /// <param name="suggest">Whether an unknown service may cost a search for near names.</param>
    public static BatchLine Read(ReadOnlySpan<byte> text, Catalog catalog, ReporterKey key, string sender, DateTimeOffset seenAt, DateTimeOffset now, bool suggest)
    {
        if (text.Length > ReportLimits.MaxBytes)
            return new BatchLine(new ProblemAnswer(ProblemTypes.BodyTooLarge, $"A line is at most {ReportLimits.MaxBytes} bytes."));
        var draft = new ReportDraft(catalog);
        if (ReportJson.Read(text, ReportFields.Names.Length, ref draft) is { } malformed)
            return new BatchLine(malformed);
        if (draft.Reporter is null && draft.Errors is null)
            draft.Fail(ReportField.Reporter.Name(), "A line of a batch needs a reporter: your own opaque id of the user, 1 to 128 characters.");
        if (draft.Check(seenAt, suggest) is { } problem)
            return new BatchLine(problem);
        var (watch, report) = draft.Finish(key.OfPartner(sender, draft.Reporter!), draft.Region ?? draft.ZoneRegion ?? Region.Unknown, seenAt, now);
        return new BatchLine(watch, report);
    }
}
