using OutageAggregator.Runtime.Proposals;

namespace OutageAggregator.Web.Features.Proposals;

/// <summary>
/// <c>POST /api/v1/proposals</c>: a report for something that the catalog lacks, as JSON or as a plain form. What the catalog has after all
/// is not taken here: a report for it belongs to its counts.
/// </summary>
internal sealed class PostProposal(
    Catalog catalog, IProposalStore store, AcceptedServices accepted, ReporterKey key, TimeProvider clock, CountryHeader country,
    ProxySigns signs)
{
    internal const int MaxBytes = 4_096;

    // A form writes most characters with three times the bytes.
    internal const int MaxFormBytes = 3 * MaxBytes;

    public async Task HandleAsync(HttpContext context)
    {
        if (await AnswerAsync(context) is { } problem)
            await problem.ExecuteAsync(context);
    }

    private async Task<ProblemAnswer?> AnswerAsync(HttpContext context)
    {
        if (MediaType.Of(context.Request, MediaType.Json, MediaType.Form) is not { } mediaType)
            return new ProblemAnswer(
                ProblemTypes.UnsupportedMediaType, $"A proposal is {MediaType.Json}, or {MediaType.Form} from a form; UTF-8, not compressed.");
        if (CrossSite.Refusal(context, "it was not counted") is { } refusal)
            return refusal;
        var most = mediaType == MediaType.Form ? MaxFormBytes : MaxBytes;
        if (await LimitedBody.ReadCopyAsync(context.Request, most) is not { } body)
            return new ProblemAnswer(ProblemTypes.BodyTooLarge, $"A proposal is at most {most} bytes.");
        var draft = new ProposalDraft();
        var fault = mediaType == MediaType.Json ? StrictJson.Read(body, """{"name":"foobank.example"}""", ref draft) : PlainForm.Read(body, ref draft);
        if ((fault is null ? draft.Check() : ProblemAnswer.Malformed(fault)) is { } problem)
            return problem;

        var proposed = draft.Proposed!;
        var isForm = mediaType == MediaType.Form && MediaType.WantsPage(context.Request);
        if (Listed(draft.Text, proposed) is { } listed)
            return LeadTo(context, listed, isForm);
        var caller = Caller.Of(context);
        signs.SeeReport(caller, context.Request.Headers);
        var region = draft.Region ?? country.Read(context.Request, caller) ?? draft.ZoneRegion ?? Region.Unknown;
        var naming = new Naming(proposed, key.Of(caller.Address), region, clock.GetUtcNow());
        var receipt = await store.NameAsync(naming, CancellationToken.None);
        if (receipt.Outcome == NamingOutcome.Accepted)
        {
            // By another node just now, or half done by one that ended: it is shown first, so that the report finds its service.
            await accepted.FinishAsync(CancellationToken.None);
            if (receipt.Service is { } slug && catalog.Find(slug) is { } service)
                return LeadTo(context, service, isForm);
            // The catalog is as large as it may be.
            receipt = receipt with { Outcome = NamingOutcome.Full };
        }
        if (isForm)
            See(context, ProposalReceipt.AddressOf(naming, receipt, key));
        else
            await WriteAsync(context, naming, receipt, draft.Notes);
        return null;
    }

    private Service? Listed(string text, ProposedName proposed) =>
        catalog.Asked(text) ?? ServiceLookup.Find(catalog, proposed.Name)
        ?? (proposed.Domain is { } domain && proposed.Name == domain ? catalog.Resolve(domain) : null);

    private static ProblemAnswer? LeadTo(HttpContext context, Service service, bool isForm)
    {
        if (!isForm)
            return AlreadyListed(service);
        See(context, $"/services/{service.Slug}/report");
        return null;
    }

    private static ProblemAnswer AlreadyListed(Service service)
    {
        var message = $"It is listed as '{service.Slug}' ({service.Name}), and nothing was counted: send the report to POST /api/v1/reports with \"service\": \"{service.Slug}\".";
        return new ProblemAnswer(ProblemTypes.AlreadyListed, message)
        {
            Errors = FieldErrors.Of(ProposalDraft.NameField, message),
            Suggestions = [service],
        };
    }

    private static Task WriteAsync(HttpContext context, Naming naming, NamingReceipt receipt, List<ProposalNote> notes)
    {
        var isCounted = receipt.Outcome == NamingOutcome.Counted;
        context.Response.StatusCode = isCounted ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        context.Response.Headers.CacheControl = "no-store";
        return JsonBody.WriteAsync(context, new ProposalReceiptAnswer(
            naming.Proposed.Id.ToString(), naming.Proposed.Name, naming.Proposed.Domain, naming.Region, naming.At, isCounted,
            ProposalReceipt.ReasonOf(receipt.Outcome), isCounted || receipt.Outcome == NamingOutcome.Full ? null : receipt.Until,
            receipt.LastHour, notes.Count == 0 ? null : notes,
            Languages.English.ProposalSentence(receipt.Outcome, naming.Proposed.Name, receipt.LastHour - 1)));
    }

    private static void See(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = PageZone.Of(context.Request).Keep(address);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
    }
}
