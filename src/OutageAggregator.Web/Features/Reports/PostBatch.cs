using System.Diagnostics;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// <c>POST /api/v1/reports/batch</c>: up to 1,000 reports of a partner at once. They go to their watches in one batch each, so a batch
/// costs as many writes as it has services and regions.
/// <para>
/// A repeated Idempotency-Key gives the same answer, also across a restart, without any answer being kept: the lines are read as of the
/// instant the key was first seen, and the batch ids are derived from the key, so the store answers its first receipts. What the first
/// attempt could not store is received by the repetition that does, and is late by then after five minutes.
/// </para>
/// </summary>
internal sealed class PostBatch(
    Catalog catalog, IWatches watches, ReporterKey key, IRepeatedBatches repeated, ReportTally tally, TimeProvider clock)
{
    private const int MaxBatchBytes = 256 * 1024;
    private const int MaxLines = 1000;

    // So many batches at once; more are told to come again. Each may hold a megabyte while it is under way.
    private const int MaxAtOnce = 16;

    // Looking for near names scans the catalog: not for a thousand lines.
    private const int MaxSearches = 10;
    private readonly SemaphoreSlim _places = new(MaxAtOnce);

    public async Task<ProblemAnswer?> HandleAsync(HttpContext context, string sender)
    {
        if (MediaType.Of(context.Request, MediaType.NdJson, "application/ndjson") is null)
            return new ProblemAnswer(
                ProblemTypes.UnsupportedMediaType, $"A batch is {MediaType.NdJson}: one JSON object a line, UTF-8, not compressed.");
        var header = context.Request.Headers["Idempotency-Key"];
        if (header.Count > 1 || (header.Count == 1 && !IsIdempotencyKey(header[0])))
            return ProblemAnswer.InvalidInput("Idempotency-Key", "Send it once, with 1 to 255 printable ASCII characters.");
        // Read before a place is taken: who sends slowly holds up nobody else. What waits meanwhile is 256 KiB a connection at most, of
        // partners with a key only, and the server's least rate ends what trickles.
        if (await LimitedBody.ReadCopyAsync(context.Request, MaxBatchBytes) is not { } bytes)
            return new ProblemAnswer(ProblemTypes.BodyTooLarge, "A batch is at most 256 KiB (262,144 bytes); send several.");
        if (!await _places.WaitAsync(TimeSpan.Zero, CancellationToken.None))
            throw new IntakeFullException("Too many batches are under way.");
        try
        {
            return await TakeAsync(context, sender, header.Count == 1 ? header[0] : null, bytes);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<ProblemAnswer?> TakeAsync(HttpContext context, string sender, string? idempotencyKey, byte[] bytes)
    {
        var ranges = SplitLines(bytes);
        if (ranges.Count == 0)
            return new ProblemAnswer(ProblemTypes.MalformedBody, "The body is empty: send one JSON object a line.");
        if (ranges.Count > MaxLines)
            return new ProblemAnswer(ProblemTypes.BodyTooLarge, "A batch is at most 1,000 lines; send several.");

        var now = clock.GetUtcNow();
        var (seenAt, isOfEarlierVersion) = (now, false);
        var name = key.NameOfBatch(sender, idempotencyKey ?? Guid.NewGuid().ToString());
        if (idempotencyKey is not null)
        {
            var first = await repeated.BeginAsync(name, BitConverter.ToUInt128(SHA256.HashData(bytes)), now, context.RequestAborted);
            if (!first.IsSameBody)
                return new ProblemAnswer(
                    ProblemTypes.IdempotencyConflict, "The Idempotency-Key was used within the last day, with another body.");
            (seenAt, isOfEarlierVersion) = (first.SeenAt, first.IsOfEarlierVersion);
        }

        var lines = ReadLines(bytes, ranges, sender, seenAt, now);
        await RecordAsync(lines, watch => key.PartOfBatch(name, seenAt, watch, isOfEarlierVersion), now);
        await BatchReceipts.WriteAsync(context, key, seenAt, lines);
        return null;
    }

    private BatchLine[] ReadLines(byte[] bytes, List<Range> ranges, string sender, DateTimeOffset seenAt, DateTimeOffset now)
    {
        var lines = new BatchLine[ranges.Count];
        var refused = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = BatchLine.Read(bytes.AsSpan(ranges[i]), catalog, key, sender, seenAt, now, suggest: refused < MaxSearches);
            if (lines[i].Problem is not null)
                refused++;
        }
        return lines;
    }

    private async Task RecordAsync(BatchLine[] lines, Func<WatchKey, BatchId> idOf, DateTimeOffset now)
    {
        var recordings = lines.Where(l => l.Problem is null).GroupBy(l => l.Watch).Select(async group =>
        {
            BatchLine[] members = [.. group];
            var id = idOf(group.Key);
            var receipt = await RecordAsync(new ReportBatch(id, group.Key, now, [.. members.Select(m => m.Report)]));
            for (var i = 0; i < members.Length; i++)
                members[i].Answer = new IntakeAnswer(new ReportId(id, i), receipt.ReceivedAt, receipt.Receipts[i], receipt.IsProvisional);
        });
        await Task.WhenAll(recordings);
    }

    private async Task<BatchReceipt> RecordAsync(ReportBatch batch)
    {
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            var receipt = await watches.RecordAsync(batch, CancellationToken.None);
            tally.Answered(receipt, startedAt);
            return receipt;
        }
        catch
        {
            tally.Failed(batch.Reports.Count, startedAt);
            throw;
        }
    }

    /// <summary>Lines end with LF or CR LF; the last one may, too. More of them than are taken are not all listed.</summary>
    private static List<Range> SplitLines(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<Range>();
        foreach (var line in bytes.Split((byte)'\n'))
        {
            var (start, end) = (line.Start.Value, line.End.Value);
            if (start == bytes.Length || lines.Count > MaxLines)
                break;
            lines.Add(start..(end > start && bytes[end - 1] == '\r' ? end - 1 : end));
        }
        return lines;
    }

    private static bool IsIdempotencyKey(string? text) =>
        text is { Length: >= 1 and <= 255 } && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;
}

/// <summary>A line of a batch: a report to be counted, or the problem why it is refused.</summary>
internal sealed class BatchLine
{
    public ProblemAnswer? Problem { get; private init; }
    public WatchKey Watch { get; private init; }
    public Report Report { get; private init; }
    public ReportNotes? Notes { get; private init; }
    public IntakeAnswer Answer { get; set; }

    /// <param name="seenAt">When the batch first came: a repetition is read as of the same instant.</param>
    /// <param name="now">The server's clock: what a repetition is the first to store may be late by now.</param>
    public static BatchLine Read(
        ReadOnlySpan<byte> text, Catalog catalog, ReporterKey key, string sender, DateTimeOffset seenAt, DateTimeOffset now, bool suggest)
    {
        var draft = new ReportDraft(catalog, ReportForm.LineOfBatch);
        if (Check(text, ref draft, seenAt, suggest) is { } problem)
            return new BatchLine { Problem = problem };
        var (watch, report) = draft.Finish(
            key.OfPartner(sender, draft.Reporter!), draft.Region ?? draft.ZoneRegion ?? Region.Unknown, seenAt, now);
        return new BatchLine { Watch = watch, Report = report, Notes = draft.Notes };
    }

    private static ProblemAnswer? Check(ReadOnlySpan<byte> text, ref ReportDraft draft, DateTimeOffset seenAt, bool suggest)
    {
        if (text.Length > PostReport.MaxBytes)
            return new ProblemAnswer(ProblemTypes.BodyTooLarge, $"A line is at most {PostReport.MaxBytes} bytes.");
        if (StrictJson.Read(text, ReportFields.Example, ref draft) is { } fault)
            return ProblemAnswer.Malformed(fault);
        if (draft.Reporter is null && draft.Errors is null)
            draft.Fail(
                ReportField.Reporter.Name(), "A line of a batch needs a reporter: your own opaque id of the user, 1 to 128 characters.");
        return draft.Check(seenAt, suggest);
    }
}
