namespace OutageAggregator.Web.Features.Reports;

/// <summary>A line of a batch: a report to be counted, or the problem why it is refused.</summary>
internal sealed class BatchLine
{
    private BatchLine(WatchKey watch, Report report) => (Watch, Report) = (watch, report);
    private BatchLine(ProblemAnswer problem) => Problem = problem;
    public ProblemAnswer? Problem { get; }
    public WatchKey Watch { get; }
    public Report Report { get; }
    public IntakeAnswer Answer { get; set; }

    /// <param name="seenAt">When the batch first came: a repetition is read as of the same instant.</param>
    /// <param name="now">The server's clock: what a repetition is the first to store may be late by now.</param>
    public static BatchLine Read(
        ReadOnlySpan<byte> text, Catalog catalog, ReporterKey key, string sender, DateTimeOffset seenAt, DateTimeOffset now, bool suggest)
    {
        if (text.Length > ReportLimits.MaxBytes)
            return new BatchLine(new ProblemAnswer(ProblemTypes.BodyTooLarge, $"A line is at most {ReportLimits.MaxBytes} bytes."));
        var draft = new ReportDraft(catalog);
        if (ReportJson.Read(text, ReportFields.Names.Length, ref draft) is { } malformed)
            return new BatchLine(malformed);
        if (draft.Reporter is null && draft.Errors is null)
            draft.Fail(
                ReportField.Reporter.Name(), "A line of a batch needs a reporter: your own opaque id of the user, 1 to 128 characters.");
        if (draft.Check(seenAt, suggest) is { } problem)
            return new BatchLine(problem);
        var (watch, report) = draft.Finish(
            key.OfPartner(sender, draft.Reporter!), draft.Region ?? draft.ZoneRegion ?? Region.Unknown, seenAt, now);
        return new BatchLine(watch, report);
    }
}
