namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Takes a report back, for whoever holds the token of its receipt: DELETE for programs, POST for plain forms, which can't send DELETE.
/// </summary>
internal sealed class WithdrawReport(IWatches watches, ReporterKey key, Catalog catalog)
{
    public Task DeleteAsync(HttpContext context) => AnswerAsync(context, async () =>
    {
        var tokens = context.Request.Query["token"];
        if (await WithdrawAsync(context, tokens.Count == 1 ? tokens[0] : null) is { } problem)
            return problem;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    });

    public Task PostAsync(HttpContext context) => MediaType.Of(context.Request, MediaType.Form) is null
        ? new ProblemAnswer(ProblemTypes.UnsupportedMediaType, $"This address takes {MediaType.Form} from a form; programs send DELETE.")
            .ExecuteAsync(context)
        : AnswerAsync(context, async () =>
        {
            if (await LimitedBody.ReadCopyAsync(context.Request, PostReport.MaxBytes) is not { } bytes)
                return new ProblemAnswer(ProblemTypes.BodyTooLarge, $"This form is at most {PostReport.MaxBytes} bytes.");
            // A form that is badly encoded has no token, and is answered so.
            _ = PlainForm.TryRead(bytes, out var fields, out _);
            if (await WithdrawAsync(context, fields.LastOrDefault(f => f.Name == "token").Value) is { } problem)
                return problem;
            var service = fields.LastOrDefault(f => f.Name == "service").Value;
            ThanksPage.RedirectWithdrawn(context, service is null ? null : ServiceLookup.Find(catalog, service));
            return null;
        });

    private static async Task AnswerAsync(HttpContext context, Func<Task<ProblemAnswer?>> withdraw)
    {
        if ((CrossSite.Refusal(context, "nothing was taken back") ?? await withdraw()) is { } problem)
            await problem.ExecuteAsync(context);
    }

    private async ValueTask<ProblemAnswer?> WithdrawAsync(HttpContext context, string? token) =>
        ReportAddress.Check(context, token, key, out var id)
            ?? (await watches.WithdrawAsync(id, CancellationToken.None) ? null : ReportAddress.Unknown);
}
