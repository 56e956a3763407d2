namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// <c>POST /api/v1/reports</c>: the address that a crowd hits at once. It is a plain request delegate over the server's own buffers: no
/// model binding, no service scope, no reflection, no log line. The answer is written only when the report is durable.
/// </summary>
internal sealed class PostReport(
    Catalog catalog, ReportIntake intake, SituationReader situations, ReporterKey key, TimeProvider clock, CountryHeader country,
    ProxySigns signs)
{
    /// <summary>The largest report, or line of a batch.</summary>
    internal const int MaxBytes = 4096;

    /// <summary>
    /// The largest form: it writes most characters with three times the bytes, and whoever fills it in with a comment in Hindi must not
    /// lose the report for that.
    /// </summary>
    internal const int MaxFormBytes = 3 * MaxBytes;

    // Real time, also where the server's clock is simulated.
    private static readonly TimeSpan s_longestLook = TimeSpan.FromSeconds(1);

    // A crowd that reports at once gets one situation for about a second: its reader keeps it, so its bytes are kept as well.
    private static readonly ConditionalWeakTable<Situation, byte[]> s_situations = [];
    private static readonly ConditionalWeakTable<Situation, byte[]> s_situationsOfBack = [];

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var mediaType = MediaType.Of(request, MediaType.Json, MediaType.Form);
        var refusal = mediaType is null
            ? new ProblemAnswer(
                ProblemTypes.UnsupportedMediaType, $"A report is {MediaType.Json}, or {MediaType.Form} from a form; UTF-8, not compressed.")
            : CrossSite.Refusal(context, "it was not counted");
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(context);
            return;
        }
        var most = mediaType == MediaType.Form ? MaxFormBytes : MaxBytes;
        var body = await LimitedBody.ReadAsync(request, most);
        var now = clock.GetUtcNow();
        ProblemAnswer? problem;
        ReportDraft draft;
        try
        {
            problem = Read(body, mediaType!, most, now, out draft);
        }
        finally
        {
            body.Release();
        }
        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var caller = Caller.Of(context);
        signs.SeeReport(caller, request.Headers);
        var region = draft.Region ?? country.Read(request, caller) ?? draft.ZoneRegion ?? Region.Unknown;
        var (watch, report) = draft.Finish(key.Of(caller.Address), region, now);
        var answer = await intake.RecordAsync(watch, report, CancellationToken.None);
        if (mediaType == MediaType.Form && MediaType.WantsPage(request))
        {
            ThanksPage.Redirect(context, key, watch, report, answer, draft.Notes);
            return;
        }
        if (answer.Receipt.Outcome == ReportOutcome.Duplicate)
            SayNotAdded(ref draft);
        Answer(
            context, watch, report.Cell.Kind, answer, draft.Notes,
            answer.IsProvisional ? null : await SituationAsync(draft.Service!, region, answer.Receipt.Outcome));
    }

    // A second report is not stored, and what it tells beside must not be lost without a word. Whose report was counted, nobody but who
    // holds its receipt can prove: behind one address are many people.
    private static void SayNotAdded(ref ReportDraft draft)
    {
        foreach (var field in draft.DetailFields)
        {
            draft.Note(
                field.Name(), "Not added: an earlier report from your connection is counted, and this one is not. To add it to that one, "
                    + "send it with PATCH to the address in 'withdraw' of that one's receipt, within 30 minutes.");
        }
    }

    private ProblemAnswer? Read(LimitedBody body, string mediaType, int most, DateTimeOffset now, out ReportDraft draft)
    {
        draft = new ReportDraft(catalog, ReportForm.Report);
        if (body.IsTooLarge)
            return new ProblemAnswer(ProblemTypes.BodyTooLarge, $"A report is at most {most} bytes.");
        // Nearly always in one piece; the copy is of at most 12 KiB.
        Span<byte> joined = stackalloc byte[body.Bytes.IsSingleSegment ? 0 : (int)body.Bytes.Length];
        scoped ReadOnlySpan<byte> bytes = body.Bytes.FirstSpan;
        if (!body.Bytes.IsSingleSegment)
        {
            body.Bytes.CopyTo(joined);
            bytes = joined;
        }
        var fault = mediaType == MediaType.Json
            ? StrictJson.Read(bytes, ReportFields.Example, ref draft)
            : PlainForm.Read(bytes, ref draft);
        return fault is null ? draft.Check(now) : ProblemAnswer.Malformed(fault);
    }

    // Of a store that is away there is nothing to be told, and nobody is kept waiting for it, nor for one that is slow: a look is a dozen
    // reads, one after the other, and whoever waits too long for their answer reports again. It goes on, and serves those who come later.
    private async ValueTask<Situation?> SituationAsync(Service service, Region region, ReportOutcome outcome)
    {
        try
        {
            var look = outcome == ReportOutcome.Counted
                ? situations.ReadAfterReportAsync(service, region, CancellationToken.None)
                : situations.ReadAsync(service, region, CancellationToken.None);
            return look.IsCompletedSuccessfully ? await look : await look.AsTask().WaitAsync(s_longestLook);
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException)
        {
            // The report is durable, and that is what the answer is about.
            return null;
        }
    }

    private void Answer(
        HttpContext context, WatchKey watch, ReportKind kind, IntakeAnswer answer, ReportNotes? notes, Situation? situation)
    {
        var known = kind == ReportKind.Back ? s_situationsOfBack : s_situations;
        var words = Languages.English.In(PageZone.Of(context.Request));
        var json = ReceiptJson.Write(
            context.Request.PathBase, key, watch.Service, watch.Region, answer, notes, situation is null ? default
                : words != Languages.English ? AnswerJson.Write(SituationAnswer.Of(situation, kind, words))
                : known.GetValue(situation, s => AnswerJson.Write(SituationAnswer.Of(s, kind, words))));
        var response = context.Response;
        response.StatusCode = answer.Receipt.Outcome == ReportOutcome.Counted ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        response.ContentType = MediaType.Json;
        response.ContentLength = json.Length;
        response.Headers.CacheControl = "no-store";
        response.BodyWriter.Write(json);
    }
}
