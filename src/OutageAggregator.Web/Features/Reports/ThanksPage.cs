using System.Globalization;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Web.Http;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Where a person is sent after the plain form: the form's own page, in a state that says what became of the report. 303, so that
/// reloading the page sends nothing again.
/// <code>
///   /services/{slug}/report?reported={id}&amp;token={token}&amp;kind=down              counted; the token lets the page offer to take it back
///   /services/{slug}/report?reported={id}&amp;token={token}&amp;kind=down&amp;reason=late
///   /services/{slug}/report?reported={id}&amp;token={token}&amp;kind=down&amp;reason=waiting     durable, and counted when the store is back
///   /services/{slug}/report?reported=duplicate&amp;kind=down&amp;until=2024-11-09T00:40:00Z
///   /services/{slug}/report?reported=withdrawn
/// </code>
/// </summary>
internal static class ThanksPage
{
    internal static void Redirect(HttpContext context, ReporterKey key, WatchKey watch, Report report, IntakeAnswer answer)
    {
        var kind = report.Cell.Kind.Code();
        var state = answer.Receipt.Outcome switch
        {
            ReportOutcome.Duplicate => $"reported=duplicate&kind={kind}&until={answer.Receipt.Until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}",
            ReportOutcome.Late => $"reported={answer.Id}&token={key.WithdrawToken(answer.Id)}&kind={kind}&reason=late",
            _ => $"reported={answer.Id}&token={key.WithdrawToken(answer.Id)}&kind={kind}{(answer.IsProvisional ? "&reason=waiting" : "")}",
        };
        See(context, $"/services/{watch.Service}/report?region={watch.Region}&{state}");
    }

    /// <summary>What the address of the page says; null where it says nothing, and the page shows the form.</summary>
    internal static PageReceipt? Read(IQueryCollection query, ReporterKey key)
    {
        _ = ReportCodes.TryParse(query["kind"], out ReportKind kind);
        string? reported = query["reported"];
        if (reported == "withdrawn")
            return new PageReceipt(kind, Counted: false, "withdrawn", Until: null, Withdraw: null, Id: null, ReceivedAt: null);
        if (reported == "duplicate")
            return new PageReceipt(kind, Counted: false, reported, Rfc3339.TryParse(query["until"].ToString(), out var until) ? until : null, Withdraw: null, Id: null, ReceivedAt: null);
        // Only we can have given out the token: nobody can link to a page that thanks for a report that never was.
        if (!ReportId.TryParse(reported, out var id) || !key.IsWithdrawToken(id, query["token"].ToString()))
            return null;
        var isLate = query["reason"] == "late";
        return new PageReceipt(
            kind,
            Counted: !isLate,
            query["reason"] == "waiting" ? "waiting" : isLate ? "late" : null,
            Until: null,
            ReceiptJson.WithdrawAddress(id, query["token"].ToString()),
            id.ToString(),
            ReceivedAt(id.Batch));
    }

    internal static void RedirectWithdrawn(HttpContext context, Service? service) =>
        See(context, service is null ? "/" : $"/services/{service.Slug}/report?reported=withdrawn");

    // The id of a batch begins with 48 bits of milliseconds. The token says that we made it.
    private static DateTimeOffset ReceivedAt(BatchId id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Min((long)(id.Value >> 80), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    private static void See(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
    }
}
