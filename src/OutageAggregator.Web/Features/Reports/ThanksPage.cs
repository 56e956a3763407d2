namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Where a person is sent after the plain form: the form's own page, in a state that says what became of the report. 303, so that
/// reloading the page sends nothing again.
/// <code>
///   /services/{slug}/report?reported={id}&amp;token={token}&amp;kind=down      counted; the token lets the page offer to take it back
///        ... &amp;reason=late                                             stored, and too late to be part of what happens now
///        ... &amp;reason=waiting                                          durable, and counted when the store is back
///        ... &amp;added=1&amp;note=region                                  more was added to it; and what of a form was not taken
///        ... &amp;told=problem,comment                                     what it says already, which is not asked for again
///   /services/{slug}/report?reported=duplicate&amp;kind=down&amp;until=2024-11-09T00:40:00Z
///   /services/{slug}/report?reported=withdrawn
/// </code>
/// </summary>
internal static class ThanksPage
{
    // The place on the page that the browser goes to, and that has the focus: what became of the report.
    private const string Receipt = "#receipt";

    internal static void Redirect(
        HttpContext context, ReporterKey key, WatchKey watch, Report report, IntakeAnswer answer, ReportNotes? notes)
    {
        var kind = report.Cell.Kind.Code();
        var told = ToldOf(watch.Region, report, report.Remark);
        var state = answer.Receipt.Outcome switch
        {
            ReportOutcome.Duplicate => $"reported=duplicate&kind={kind}&until={Times.Text(answer.Receipt.Until)}",
            ReportOutcome.Late => $"reported={answer.Id}&token={key.WithdrawToken(answer.Id)}&kind={kind}&reason=late{told}",
            _ => $"reported={answer.Id}&token={key.WithdrawToken(answer.Id)}&kind={kind}{(answer.IsProvisional ? "&reason=waiting" : "")}{told}",
        };
        See(context, $"/services/{watch.Service}/report?region={watch.Region}&{state}{NotesOf(notes)}{Receipt}");
    }

    internal static void RedirectAdded(HttpContext context, ReportId id, ReporterKey key, ToldReport told, ReportNotes? notes) => See(
        context, $"/services/{told.Key.Service}/report?region={told.Key.Region}&reported={id}&token={key.WithdrawToken(id)}"
            + $"&kind={told.Report.Cell.Kind.Code()}&added=1"
            + $"{ToldOf(told.Key.Region, told.Report, told.Remark)}{NotesOf(notes)}{Receipt}");

    private static string ToldOf(Region region, Report report, Remark? remark) =>
        JoinTold(ReportDraft.Told(region, report.Cell, remark).Select(field => field.Name()));

    private static string JoinTold(IEnumerable<string> fields) =>
        string.Join(',', fields) is { Length: > 0 } told ? $"&told={told}" : "";

    private static string NotesOf(ReportNotes? notes) =>
        string.Concat((notes?.Fields ?? []).Where(ReportFields.IsKnown).Select(field => $"&note={field}"));

    /// <summary>What the address of the page says; null where it says nothing, and the page shows the form.</summary>
    internal static PageReceipt? Read(IQueryCollection query, ReporterKey key)
    {
        _ = ReportCodes.TryParse(query["kind"], out ReportKind kind);
        var notes = FieldsOf(query["note"]);
        string? reported = query["reported"];
        if (reported is "withdrawn" or "duplicate")
            return new PageReceipt(kind, Counted: false, reported, reported == "duplicate"
                && Rfc3339.TryParse(query["until"].ToString(), out var until) ? until : null)
            { LeftOut = notes };
        // Only we can have given out the token: nobody can link to a page that thanks for a report that never was.
        var token = query["token"].ToString();
        if (!ReportId.TryParse(reported, out var id) || !key.IsWithdrawToken(id, token))
            return null;
        string? reason = query["reason"];
        return new PageReceipt(
            kind, Counted: reason != "late", reason is "waiting" or "late" ? reason : null, Until: null, id.ToString(), token,
            id.Batch.At)
        { LeftOut = notes, Said = FieldsOf(query["told"].ToString().Split(',')), IsAdded = query["added"] == "1" };
    }

    private static ImmutableArray<string> FieldsOf(StringValues names) =>
        [.. names.OfType<string>().Where(ReportFields.IsKnown).Distinct(StringComparer.Ordinal)];

    internal static void RedirectWithdrawn(HttpContext context, Service? service) =>
        See(context, service is null ? "/" : $"/services/{service.Slug}/report?reported=withdrawn");

    private static void See(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = PageZone.Of(context.Request).Keep(address);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
    }
}
