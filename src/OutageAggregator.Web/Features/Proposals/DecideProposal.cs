using OutageAggregator.Runtime.Proposals;

namespace OutageAggregator.Web.Features.Proposals;

/// <summary>What operators do with proposals: look at them, accept one, forget one.</summary>
internal sealed class DecideProposal(Catalog catalog, IProposalStore store, AcceptedServices accepted, TimeProvider clock)
{
    internal static readonly Parameter<int> Limit = Parameter.Number("limit", 1, ProposalRules.MostProposals, 100);

    private static readonly ProblemAnswer s_notThere = new(
        ProblemTypes.NotFound, "There is no such proposal: nobody named it, or it was accepted or forgotten. GET /api/v1/proposals lists those there are.");

    public async Task<ProblemAnswer?> ListAsync(HttpContext context, string keyName)
    {
        var parameters = new QueryReader(context);
        var limit = parameters.Number(Limit);
        var after = parameters.Place("", PlaceOf);
        if (!parameters.IsGood(out var complaint))
            return complaint;
        var all = (await store.ReadAsync(clock.GetUtcNow(), context.RequestAborted))
            .OrderByDescending(p => p.Reports).ThenBy(p => p.Id.Value)
            .Where(p => after is not var (reports, id) || p.Reports < reports || (p.Reports == reports && p.Id.Value > id))
            .Take(limit + 1).ToList();
        var next = all.Count > limit ? Cursor.Make("", $"{all[limit - 1].Reports}@{all[limit - 1].Id}") : null;
        context.Response.Headers.CacheControl = "no-store";
        await JsonBody.WriteAsync(context, new ProposalListAnswer([.. all.Take(limit).Select(ProposalAnswer.Of)], next));
        return null;
    }

    public async Task<ProblemAnswer?> AcceptAsync(HttpContext context, string keyName)
    {
        if (MediaType.Of(context.Request, MediaType.Json) is null)
            return new ProblemAnswer(ProblemTypes.UnsupportedMediaType, $"A service is {MediaType.Json}; UTF-8, not compressed.");
        if (await LimitedBody.ReadCopyAsync(context.Request, AcceptBody.MaxBytes) is not { } bytes)
            return new ProblemAnswer(ProblemTypes.BodyTooLarge, "A service is at most 32 KiB (32,768 bytes).");
        var body = new AcceptBody();
        var fault = StrictJson.Read(bytes, AcceptBody.Example, ref body);
        if (!new QueryReader(context).IsGood(out var complaint) || (complaint = fault is null ? null : ProblemAnswer.Malformed(fault)) is not null)
            return complaint;
        if (!ProposalId.TryParse(context.Request.RouteValues["id"] as string, out var id))
            return s_notThere;
        // The same again is answered as before, and finished where it was not.
        var before = (await store.ReadAcceptedAsync(context.RequestAborted)).FirstOrDefault(a => a.Proposal == id);
        if (before is not null)
            return before.Service.Slug.ToString() == body.Slug ? await FinishAsync(context, id, before.Service, keyName) : Conflict(before);
        if (await store.FindAsync(id, clock.GetUtcNow(), context.RequestAborted) is not { } proposal)
            return s_notThere;
        return body.Judge(proposal, catalog, out var problem) is { } service ? await FinishAsync(context, id, service, keyName) : problem;
    }

    public async Task<ProblemAnswer?> ForgetAsync(HttpContext context, string keyName)
    {
        if (!new QueryReader(context).IsGood(out var complaint))
            return complaint;
        if (!ProposalId.TryParse(context.Request.RouteValues["id"] as string, out var id) || !await store.ForgetAsync(id, CancellationToken.None))
            return s_notThere;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    // Not given up with the caller: what is accepted is then known here, whoever hears of it.
    private async Task<ProblemAnswer?> FinishAsync(HttpContext context, ProposalId id, Service service, string keyName)
    {
        var stands = await accepted.AcceptAsync(id, service, keyName);
        if (stands.Proposal != id || stands.Service.Slug != service.Slug)
            return Conflict(stands);
        context.Response.Headers.CacheControl = "no-store";
        await JsonBody.WriteAsync(context, AcceptedAnswer.Of(stands));
        return null;
    }

    private static ProblemAnswer Conflict(AcceptedProposal stands) => new(
        ProblemTypes.AlreadyAccepted, $"Proposal {stands.Proposal} was accepted as '{stands.Service.Slug}' ({stands.Service.Name}) before, and nothing was changed.");

    private static (int Reports, ulong Id)? PlaceOf(string text) =>
        text.Split('@') is [var reports, var id] && int.TryParse(reports, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && ProposalId.TryParse(id, out var last)
            ? (count, last.Value)
            : null;
}
