namespace OutageAggregator.Web.Features.Proposals;

/// <param name="Outcome">What became of the report that the page answers; null for the form itself.</param>
/// <param name="Name">What was named: of the form what it begins with; null where nothing is known of it any more.</param>
/// <param name="Others">Reports of the same by others in the last hour.</param>
public sealed record ProposalModel(NamingOutcome? Outcome, string? Name, int Others);

/// <summary>The plain form for what is not listed, and the page that answers it.</summary>
public static class ProposalPages
{
    public static void MapProposalPage(this IEndpointRouteBuilder app) =>
        app.MapMethods("/propose", ReadRoutes.Methods, ShowAsync).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(
        string? name, HttpContext context, PageAnswers pages, IProposalStore store, ReporterKey key, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (ProposalReceipt.Read(context.Request.Query, key) is var (id, countedAt, outcome))
        {
            var now = clock.GetUtcNow();
            var named = await store.FindAsync(id, now, cancellation);
            // As the stores count it: by whole minutes.
            var own = Minute.Of(countedAt) > Minute.Of(now) - 60 ? 1 : 0;
            // A receipt has an address that is to be kept from others.
            return await pages.OnceAsync<ProposalPage>(new ProposalModel(outcome, named?.Name, (named?.LastHour ?? 0) - own));
        }
        var typed = CleanText.Of(name ?? "");
        typed = typed.Length > ProposedName.MaxLength ? "" : typed;
        return await pages.OnceAsync<ProposalPage>(new ProposalModel(null, typed, 0), address: "/propose");
    }
}
