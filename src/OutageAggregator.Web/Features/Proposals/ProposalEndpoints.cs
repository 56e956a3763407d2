namespace OutageAggregator.Web.Features.Proposals;

/// <summary>Reports for what the catalog lacks, and what becomes of them.</summary>
internal static class ProposalEndpoints
{
    private static readonly Parameter s_id = Parameter.InPath("id", "Of the list of proposals.", example: "3e23e8160039594a");

    internal static void AddProposalPages(IServiceCollection services)
    {
        services.AddSingleton<PostProposal>();
        services.AddSingleton<DecideProposal>();
    }

    internal static void MapProposals(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/proposals", app.ServiceProvider.GetRequiredService<PostProposal>().HandleAsync)
            .Describe(
                "propose", Tags.Reporting, "Report something that is not listed",
                "By name or address. Counted apart, grouped by name, and told to the operator alone; once it is accepted, its counts are "
                + "the service's. One report per reporter and name counts in 30 minutes, and five names of one reporter. At most 4 KiB.")
            .TakesBody(typeof(ProposalInput), MediaType.Json, MediaType.Form)
            .Answers(202, "Counted, and durable.", typeof(ProposalReceiptAnswer))
            .Answers(200, "Received and not counted; `reason` says why.", typeof(ProposalReceiptAnswer))
            .Answers(303, "To a plain form: the page that says so, or the form of the service that it names.")
            .RefusesAsUsual(
                ProblemTypes.MalformedBody, ProblemTypes.CrossSite, ProblemTypes.AlreadyListed, ProblemTypes.BodyTooLarge,
                ProblemTypes.UnsupportedMediaType);
        var decide = app.ServiceProvider.GetRequiredService<DecideProposal>();
        app.MapKeyed(HttpMethods.Get, "/api/v1/proposals", Scopes.Admin, decide.ListAsync)
            .Describe("listProposals", Tags.Operating, "What people report that is not listed", "Those with the most reports first.")
            .Takes(Cursor.Parameter, DecideProposal.Limit)
            .Answers(200, description: null, typeof(ProposalListAnswer))
            .RefusesAsUsual();
        app.MapKeyed(HttpMethods.Post, "/api/v1/proposals/{id}", Scopes.Admin, decide.AcceptAsync)
            .Describe(
                "acceptProposal", Tags.Operating, "Make a service of a proposal",
                "It is shown on this node when this is answered, and on all others within a second. What was counted becomes its history; "
                + "incidents are judged from now on. Sent again with the same slug it changes nothing.")
            .Takes(s_id)
            .TakesBody(typeof(AcceptInput), MediaType.Json)
            .Answers(200, "The service.", typeof(AcceptedAnswer))
            .RefusesAsUsual(
                ProblemTypes.MalformedBody, ProblemTypes.NotFound, ProblemTypes.AlreadyAccepted, ProblemTypes.BodyTooLarge,
                ProblemTypes.UnsupportedMediaType);
        app.MapKeyed(HttpMethods.Delete, "/api/v1/proposals/{id}", Scopes.Admin, decide.ForgetAsync)
            .Describe("forgetProposal", Tags.Operating, "Forget a proposal and its counts", "Whoever names it again begins a new one.")
            .Takes(s_id)
            .Answers(204, "Forgotten.")
            .RefusesAsUsual(ProblemTypes.NotFound);
    }
}
