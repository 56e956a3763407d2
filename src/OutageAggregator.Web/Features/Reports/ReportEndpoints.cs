namespace OutageAggregator.Web.Features.Reports;

/// <summary>Reporting, one by one or many at once, and taking a report back.</summary>
internal static class ReportEndpoints
{
    private static readonly Parameter s_id = Parameter.InPath("id", description: null, example: "0193f0c5d1c87e3aa1b2c3d4e5f60718-0");
    private static readonly Parameter s_token = Parameter.Needed("token");
    private static readonly Parameter s_zone = Parameter.Text(
        PageZone.Parameter, "The zone in which sentences and pages tell times: a name of the tz database. UTC where it is none.",
        "Europe/Rome");
    private static readonly Parameter s_idempotencyKey = Parameter.InHeader(
        "Idempotency-Key", "The same key within a day gives the same answer, and counts nothing twice; with another body it is 422.",
        new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 });

    private const string WhatIsAdded =
        "For 30 minutes, to the address in `withdraw` of the receipt: what the report does not say yet, each thing once. What it says "
        + "already stays, and `notes` say so; the same again changes nothing. The report counts once, where it stands now.";

    internal static void MapReports(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/reports", app.ServiceProvider.GetRequiredService<PostReport>().HandleAsync)
            .Describe(
                "report", Tags.Reporting, "It's down, or back for me",
                "Answered when the report is durable: what was answered 202 survives a crash. One report per reporter, service and kind "
                + "counts in 30 minutes. At most 4 KiB.")
            .Takes(s_zone)
            .TakesBody(typeof(ReportInput), MediaType.Json, MediaType.Form)
            .Answers(202, "Counted, and durable.", typeof(ReceiptAnswer))
            .Answers(200, "Received and not counted; `reason` says why.", typeof(ReceiptAnswer))
            .Answers(303, "To a plain form: the page that says so.")
            .RefusesAsUsual(
                ProblemTypes.MalformedBody, ProblemTypes.CrossSite, ProblemTypes.UnknownService, ProblemTypes.BodyTooLarge,
                ProblemTypes.UnsupportedMediaType, ProblemTypes.IntakeFull);

        app.MapKeyed(
            HttpMethods.Post, "/api/v1/reports/batch", Scopes.Ingest, app.ServiceProvider.GetRequiredService<PostBatch>().HandleAsync)
            .Describe(
                "reportBatch", Tags.Reporting, "Many reports of a partner",
                "One JSON object a line, at most 1,000 lines or 256 KiB. A broken line is refused alone.")
            .Takes(s_idempotencyKey)
            .TakesBody(typeof(BatchLineInput), MediaType.NdJson)
            .Answers(200, "A receipt per line, in order.", typeof(BatchAnswer))
            .RefusesAsUsual(
                ProblemTypes.MalformedBody, ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType,
                ProblemTypes.IdempotencyConflict, ProblemTypes.IntakeFull);

        var withdraw = app.ServiceProvider.GetRequiredService<WithdrawReport>();
        app.MapDelete("/api/v1/reports/{id}", withdraw.DeleteAsync)
            .Describe("withdraw", Tags.Reporting, "Take a report back", "The address is `withdraw` of the receipt, as it is.")
            .Takes(s_id, s_token)
            .Answers(204, "Taken back.")
            .RefusesAsUsual(ProblemTypes.CrossSite, ProblemTypes.UnknownReport);
        var amend = app.ServiceProvider.GetRequiredService<AmendReport>();
        app.MapPatch("/api/v1/reports/{id}", amend.HandleAsync)
            .Describe("addToReport", Tags.Reporting, "Add to a report", WhatIsAdded)
            .Takes(s_id, s_token)
            .TakesBody(typeof(DetailsInput), MediaType.Json, MediaType.Form)
            .Answers(200, "The report as it is counted now.", typeof(DetailsAnswer))
            .RefusesAsUsual(
                ProblemTypes.MalformedBody, ProblemTypes.CrossSite, ProblemTypes.UnknownReport, ProblemTypes.DetailsTooLate,
                ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType);
        app.MapPost("/api/v1/reports/{id}/details", amend.HandleAsync)
            .Describe("addToReportForm", Tags.Reporting, "Add to a report with a plain form", WhatIsAdded)
            .Takes(s_id, s_token)
            .TakesBody(typeof(DetailsInput), MediaType.Form, MediaType.Json)
            .Answers(200, "The report as it is counted now.", typeof(DetailsAnswer))
            .Answers(303, "To a plain form: the page that says so.")
            .RefusesAsUsual(
                ProblemTypes.MalformedBody, ProblemTypes.CrossSite, ProblemTypes.UnknownReport, ProblemTypes.DetailsTooLate,
                ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType);
        app.MapPost("/api/v1/reports/{id}/withdraw", withdraw.PostAsync)
            .Describe("withdrawForm", Tags.Reporting, "Take a report back with a plain form")
            .Takes(s_id, s_zone)
            .TakesBody(typeof(WithdrawInput), MediaType.Form)
            .Answers(303, "Taken back; to the page of the service.")
            .RefusesAsUsual(
                ProblemTypes.CrossSite, ProblemTypes.UnknownReport, ProblemTypes.BodyTooLarge, ProblemTypes.UnsupportedMediaType);
    }
}
