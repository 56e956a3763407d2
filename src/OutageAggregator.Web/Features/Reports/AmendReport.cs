namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Adds to a report what its sender tells after the tap, for whoever holds the token of its receipt: <c>PATCH</c> for programs,
/// <c>POST</c> to <c>…/details</c> for plain forms. Each thing is taken once; what was said before stays, and a note says so, so that a
/// request whose answer was lost can be sent again.
/// </summary>
internal sealed class AmendReport(IWatches watches, ReporterKey key, Catalog catalog, TimeProvider clock)
{
    public async Task HandleAsync(HttpContext context)
    {
        var (amendment, draft, problem) = await AmendAsync(context);
        if (problem is not null)
            await problem.ExecuteAsync(context);
        else if (MediaType.Of(context.Request, MediaType.Form) is not null && MediaType.WantsPage(context.Request))
            ThanksPage.RedirectAdded(context, draft.Id, key, amendment!.Told, draft.Notes);
        else
            await AnswerAsync(context, draft.Id, amendment!, draft.Notes);
    }

    private async Task<(Amendment? Amendment, (ReportId Id, ReportNotes? Notes) Draft, ProblemAnswer? Problem)> AmendAsync(
        HttpContext context)
    {
        var request = context.Request;
        if (MediaType.Of(request, MediaType.Json, MediaType.Form) is not { } mediaType)
            return Refused(new ProblemAnswer(
                ProblemTypes.UnsupportedMediaType,
                $"What is added to a report is {MediaType.Json}, or {MediaType.Form} from a form; UTF-8, not compressed."));
        if (CrossSite.Is(request))
            return Refused(new ProblemAnswer(ProblemTypes.CrossSite, "A page of another site can't add to reports."));
        var tokens = request.Query["token"];
        if (ReportAddress.Check(context, tokens.Count == 1 ? tokens[0] : null, key, out var id) is { } unknown)
            return Refused(unknown);
        if (clock.GetUtcNow() - id.Batch.At > ReportRules.DetailsWithin)
            return Refused(new ProblemAnswer(
                ProblemTypes.DetailsTooLate,
                "More can be added to a report for 30 minutes. It can still be taken back, and you can report again."));
        var most = mediaType == MediaType.Form ? PostReport.MaxFormBytes : PostReport.MaxBytes;
        if (await LimitedBody.ReadCopyAsync(request, most) is not { } body)
            return Refused(new ProblemAnswer(ProblemTypes.BodyTooLarge, $"This body is at most {most} bytes."));
        var problem = Read(body, mediaType, out var draft);
        if (problem is not null)
            return Refused(problem);
        var details = draft.Details;
        if (await watches.AmendAsync(id, details, CancellationToken.None) is not { } amendment)
            return Refused(ReportAddress.Unknown);
        SayWhatStays(ref draft, details, amendment);
        return (amendment, (id, draft.Notes), null);
    }

    private static (Amendment?, (ReportId, ReportNotes?), ProblemAnswer?) Refused(ProblemAnswer problem) => (null, default, problem);

    private ProblemAnswer? Read(byte[] body, string mediaType, out ReportDraft draft)
    {
        draft = new ReportDraft(catalog, ReportForm.Details);
        var fault = mediaType == MediaType.Json
            ? StrictJson.Read(body, ReportFields.ExampleOfDetails, ref draft)
            : PlainForm.Read(body, ref draft);
        if (fault is not null)
            return ProblemAnswer.Malformed(fault);
        if (draft.Errors is not null)
            return ProblemAnswer.InvalidInput(draft.Errors);
        return draft.Notes is null && draft.Details.IsEmpty
            ? ProblemAnswer.InvalidInput("body", $"Nothing is added: send at least one of {string.Join(", ", draft.Names)}.")
            : null;
    }

    // What is told again as it was told before needs no word.
    private static void SayWhatStays(ref ReportDraft draft, ReportDetails details, Amendment amendment)
    {
        var (told, now) = (amendment.Told, amendment.Told.Report.Cell);
        foreach (var field in ReportDraft.Told(details))
        {
            var stays = field switch
            {
                ReportField.Problem when details.Problem != now.Problem => now.Problem.Code(),
                ReportField.Surface when details.Surface != now.Surface => now.Surface.Code(),
                ReportField.Region when details.Region != told.Key.Region => told.Key.Region.ToString(),
                ReportField.Comment when details.Remark!.Comment != told.Remark?.Comment => "another comment",
                ReportField.WentTo when details.Remark!.WentTo != told.Remark?.WentTo => told.Remark?.WentTo.ToString(),
                ReportField.WentToWorked when details.Remark!.WentToWorked != told.Remark?.WentToWorked =>
                    told.Remark?.WentToWorked == true ? "true" : "false",
                _ => null,
            };
            if (stays is not null)
                draft.Note(
                    field.Name(), $"The report says {stays} already, and each thing is said once: it stays. To change it, take the "
                        + "report back and report again.");
        }
    }

    private async Task AnswerAsync(HttpContext context, ReportId id, Amendment amendment, ReportNotes? notes)
    {
        var (watch, report, _) = amendment.Told;
        context.Response.Headers.CacheControl = "no-store";
        await JsonBody.WriteAsync(context, new DetailsAnswer(
            id.ToString(), watch.Service.ToString(), watch.Region, report.Cell.Kind, report.Cell.Problem, report.Cell.Surface,
            [.. ReportDraft.Told(amendment.Taken).Select(f => f.Name())], id.Batch.At + ReportRules.DetailsWithin,
            ReceiptJson.WithdrawAddress(context.Request.PathBase, id.ToString(), key.WithdrawToken(id)), notes?.All));
    }
}

/// <summary>The address of a report that its receipt tells: an id and a token.</summary>
internal static class ReportAddress
{
    private const string AsItIs = "Use the address in 'withdraw' of the receipt as it is.";

    // The same for a wrong token and for an unknown report, so that nobody learns which reports there are.
    internal static ProblemAnswer Unknown { get; } =
        new(ProblemTypes.UnknownReport, "No report has this id and token, or it was taken back, or it was made more than a day ago.");

    /// <summary>Null where the token is that of the report.</summary>
    internal static ProblemAnswer? Check(HttpContext context, string? token, ReporterKey key, out ReportId id)
    {
        if (!ReportId.TryParse(context.Request.RouteValues["id"] as string, out id))
            return ProblemAnswer.InvalidInput("id", $"This is not the id of a report: 32 hex digits, a hyphen and a number. {AsItIs}");
        if (string.IsNullOrEmpty(token))
            return ProblemAnswer.InvalidInput("token", $"A token is required, once. {AsItIs}");
        return key.IsWithdrawToken(id, token) ? null : Unknown;
    }
}
