using System.Buffers;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Takes a report back, for whoever holds the token of its receipt: <c>DELETE /api/v1/reports/{id}?token=</c> for programs, and
/// <c>POST /api/v1/reports/{id}/withdraw</c> with the fields token and service for a plain form, which can't send DELETE. A wrong token
/// and an unknown report get the same answer, so that nobody learns which reports there are.
/// </summary>
internal sealed class WithdrawReport(IWatches watches, ReporterKey key, Catalog catalog)
{
    public async Task DeleteAsync(HttpContext context)
    {
        if (CrossSite.Is(context.Request))
        {
            await new ProblemAnswer(ProblemTypes.CrossSite, "A page of another site can't take reports back.").ExecuteAsync(context);
            return;
        }
        var tokens = context.Request.Query["token"];
        if (await WithdrawAsync(context, tokens.Count == 1 ? tokens[0] : null))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task PostAsync(HttpContext context)
    {
        if (MediaType.Of(context.Request, MediaType.Form) is null)
        {
            await new ProblemAnswer(ProblemTypes.UnsupportedMediaType, $"This address takes {MediaType.Form} from a form; programs send DELETE.").ExecuteAsync(context);
            return;
        }
        if (CrossSite.Is(context.Request))
        {
            await new ProblemAnswer(ProblemTypes.CrossSite, "A page of another site can't take reports back.").ExecuteAsync(context);
            return;
        }
        var body = await LimitedBody.ReadAsync(context.Request, ReportLimits.MaxBytes);
        if (body.IsTooLarge)
        {
            await new ProblemAnswer(ProblemTypes.BodyTooLarge, $"This form is at most {ReportLimits.MaxBytes} bytes.").ExecuteAsync(context);
            return;
        }
        var (token, service) = ReadForm(body);
        body.Release();
        if (await WithdrawAsync(context, token))
            ThanksPage.RedirectWithdrawn(context, service);
    }

    /// <summary>False where a problem was answered.</summary>
    private async ValueTask<bool> WithdrawAsync(HttpContext context, string? token)
    {
        if (!ReportId.TryParse(context.Request.RouteValues["id"] as string, out var id))
        {
            await ProblemAnswer.InvalidInput("id", "This is not the id of a report: 32 hex digits, a hyphen and a number. Use the address in 'withdraw' of the receipt as it is.")
                .ExecuteAsync(context);
            return false;
        }
        if (string.IsNullOrEmpty(token))
        {
            await ProblemAnswer.InvalidInput("token", "A token is required, once. Use the address in 'withdraw' of the receipt as it is.").ExecuteAsync(context);
            return false;
        }
        if (!key.IsWithdrawToken(id, token) || !await watches.WithdrawAsync(id, CancellationToken.None))
        {
            await new ProblemAnswer(ProblemTypes.UnknownReport, "No report has this id and token, or it was made more than a day ago.").ExecuteAsync(context);
            return false;
        }
        return true;
    }

    private (string? Token, Service? Service) ReadForm(LimitedBody body)
    {
        string? token = null;
        Service? service = null;
        // A form that is badly encoded has no token, and is answered so.
        _ = PlainForm.TryRead(body.Bytes.ToArray(), out var fields, out _);
        foreach (var (name, value) in fields)
        {
            if (name == "token")
                token = value;
            else if (name == "service" && ServiceSlug.TryParse(value, out var slug))
                service = catalog.Find(slug);
        }
        return (token, service);
    }
}
