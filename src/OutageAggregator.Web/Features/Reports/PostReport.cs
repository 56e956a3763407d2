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

    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var mediaType = MediaType.Of(request, MediaType.Json, MediaType.Form);
        var refusal = mediaType is null
            ? new ProblemAnswer(
                ProblemTypes.UnsupportedMediaType, $"A report is {MediaType.Json}, or {MediaType.Form} from a form; UTF-8, not compressed.")
            : CrossSite.Refusal(context, "it was not counted");
        if (refusal is not null)
            return refusal.ExecuteAsync(context);
        return ReadAsync(context, mediaType!).Unwrap();
    }

    private static int MostBytes(string mediaType) => mediaType == MediaType.Form ? MaxFormBytes : MaxBytes;

    // Few bodies come in pieces: for all others this has ended when it returns, and nothing of it is kept.
    private async Task<Task> ReadAsync(HttpContext context, string mediaType) =>
        TakeAsync(context, mediaType, await LimitedBody.ReadAsync(context.Request, MostBytes(mediaType)));

    // What is read is done with before anything is awaited: whatever lives on while a report waits for its batch is copied for each.
    private Task TakeAsync(HttpContext context, string mediaType, LimitedBody body)
    {
        var now = clock.GetUtcNow();
        ProblemAnswer? problem;
        ReportDraft draft;
        try
        {
            problem = Read(body, mediaType, now, out draft);
        }
        finally
        {
            body.Release();
        }
        if (problem is not null)
            return problem.ExecuteAsync(context);

        var caller = Caller.Of(context);
        signs.SeeReport(caller, context.Request.Headers);
        var region = draft.Region ?? country.Read(context.Request, caller) ?? draft.ZoneRegion ?? Region.Unknown;
        var (_, report) = draft.Finish(key.Of(caller.Address), region, now);
        var wantsPage = mediaType == MediaType.Form && MediaType.WantsPage(context.Request);
        return CountAsync(context, draft.Service!, region, report, draft.Region ?? Region.Unknown, draft.Notes, wantsPage);
    }

    private async Task CountAsync(
        HttpContext context, Service service, Region region, Report report, Region stated, ReportNotes? notes, bool wantsPage)
    {
        var watch = new WatchKey(service.Slug, region);
        var answer = await intake.RecordAsync(watch, report, CancellationToken.None);
        if (wantsPage)
        {
            ThanksPage.Redirect(context, key, watch, report, answer, notes);
            return;
        }
        if (answer.Receipt.Outcome == ReportOutcome.Duplicate)
            SayNotAdded(ReportDraft.Told(stated, report.Cell, report.Remark), ref notes);
        Answer(
            context, watch, report.Cell.Kind, answer, notes,
            answer.IsProvisional ? null : await SituationAsync(
                service, region, isDown: answer.Receipt.Outcome == ReportOutcome.Counted && report.Cell.Kind == ReportKind.Down));
    }

    // A second report is not stored, and what it tells beside must not be lost without a word. Whose report was counted, nobody but who
    // holds its receipt can prove: behind one address are many people.
    private static void SayNotAdded(IEnumerable<ReportField> told, ref ReportNotes? notes)
    {
        foreach (var field in told)
        {
            (notes ??= new ReportNotes()).Add(
                field.Name(), "Not added: an earlier report from your connection is counted, and this one is not. To add it to that one, "
                    + "send it with PATCH to the address in 'withdraw' of that one's receipt, within 30 minutes.");
        }
    }

    private ProblemAnswer? Read(LimitedBody body, string mediaType, DateTimeOffset now, out ReportDraft draft)
    {
        draft = new ReportDraft(catalog, ReportForm.Report);
        if (body.IsTooLarge)
            return new ProblemAnswer(ProblemTypes.BodyTooLarge, $"A report is at most {MostBytes(mediaType)} bytes.");
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
    private async ValueTask<Situation?> SituationAsync(Service service, Region region, bool isDown)
    {
        try
        {
            var look = isDown
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
        var json = ReceiptJson.Write(
            context.Request.PathBase, key, watch.Service, watch.Region, answer, notes,
            situation is null ? default : InJson(situation, kind, Languages.English.In(PageZone.Of(context.Request))));
        var response = context.Response;
        response.StatusCode = answer.Receipt.Outcome == ReportOutcome.Counted ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        response.ContentType = MediaType.Json;
        response.ContentLength = json.Length;
        response.Headers.CacheControl = "no-store";
        response.BodyWriter.Write(json);
    }

    private static byte[] InJson(Situation situation, ReportKind kind, English words)
    {
        var known = kind == ReportKind.Back ? s_situationsOfBack : s_situations;
        if (words == Languages.English && known.TryGetValue(situation, out var bytes))
            return bytes;
        bytes = AnswerJson.Write(SituationAnswer.Of(situation, kind, words));
        if (words == Languages.English)
            known.AddOrUpdate(situation, bytes);
        return bytes;
    }
}
