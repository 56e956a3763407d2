using System.Globalization;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Intake;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Where a person is sent after the plain form: the service's own page, in a state that says what became of the report. 303, so that
/// reloading the page sends nothing again.
/// <code>
///   /services/{slug}?reported={id}&amp;token={token}&amp;kind=down              counted; the token lets the page offer to take it back
///   /services/{slug}?reported={id}&amp;token={token}&amp;kind=down&amp;reason=late
///   /services/{slug}?reported=duplicate&amp;kind=down&amp;until=2024-11-09T00:40:00Z
///   /services/{slug}?reported=withdrawn
/// </code>
/// </summary>
internal static class ThanksPage
{
    internal static void Redirect(HttpContext context, ReporterKey key, ServiceSlug service, Report report, IntakeAnswer answer)
    {
        var kind = report.Cell.Kind.Code();
        var state = answer.Receipt.Outcome switch
        {
            ReportOutcome.Duplicate => $"reported=duplicate&kind={kind}&until={answer.Receipt.Until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}",
            ReportOutcome.Late => $"reported={answer.Id}&token={key.WithdrawToken(answer.Id)}&kind={kind}&reason=late",
            _ => $"reported={answer.Id}&token={key.WithdrawToken(answer.Id)}&kind={kind}",
        };
        See(context, $"/services/{service}?{state}");
    }

    internal static void RedirectWithdrawn(HttpContext context, Service? service) =>
        See(context, service is null ? "/" : $"/services/{service.Slug}?reported=withdrawn");

    private static void See(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
    }
}
