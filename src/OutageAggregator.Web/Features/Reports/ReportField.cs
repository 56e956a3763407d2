namespace OutageAggregator.Web.Features.Reports;

/// <summary>The fields of a report as they are sent, in JSON and in the form.</summary>
internal enum ReportField
{
    Problem,
    Surface,
    Region,
    Comment,
    WentTo,
    WentToWorked,
    Service,
    Kind,
    OccurredAt,

    /// <summary>The browser's IANA time zone, which the form's script fills in: the region where nothing better is known.</summary>
    TimeZone,

    /// <summary>A partner's id of its own user; in batches only.</summary>
    Reporter,
}

/// <summary>
/// What fields are sent as: details of a report, a report, or one of a batch. Each takes all that the one before takes, and more.
/// </summary>
internal enum ReportForm { Details, Report, LineOfBatch }

internal static class ReportFields
{
    internal const string Example = "{\"service\":\"chatgpt\"}";
    internal const string ExampleOfDetails = "{\"problem\":\"login\"}";
    private static readonly string[] s_names =
        ["problem", "surface", "region", "comment", "wentTo", "wentToWorked", "service", "kind", "occurredAt", "timeZone", "reporter"];

    // What a report means hangs on these: where one of them is not understood, or perhaps meant, the report is refused.
    private static readonly string[] s_needed = ["service", "kind", "occurredAt"];

    internal static ReadOnlySpan<string> Known(ReportForm form) => form switch
    {
        ReportForm.Details => s_names.AsSpan(..(int)ReportField.Service),
        ReportForm.Report => s_names.AsSpan(..(int)ReportField.Reporter),
        _ => s_names,
    };
    internal static bool IsKnown(string name) => s_names.Contains(name);
    internal static string Name(this ReportField field) => s_names[(int)field];

    /// <summary>The longest text that is looked at, in UTF-16 units; a comment is cut by its own rule.</summary>
    internal static int MaxLength(this ReportField field) => field switch
    {
        ReportField.Comment => int.MaxValue,
        ReportField.Reporter => 128,
        _ => 64,
    };

    /// <summary>True where a fault in the field costs the report, also of a field that looks like a misspelling of such a one.</summary>
    internal static bool IsNeeded(string name, ReportForm form) => s_needed.Contains(name)
        || (form == ReportForm.LineOfBatch && name == s_names[(int)ReportField.Reporter])
        || (!s_names.Contains(name) && Spelling.Nearest(Plain(name), s_needed) is not null);

    internal static string Unknown(string name, ReportForm form)
    {
        var known = Known(form);
        var index = s_names.IndexOf(Plain(name), StringComparer.OrdinalIgnoreCase);
        return index < 0 ? $"There is no such field. Known: {string.Join(", ", known)}."
            : index < known.Length ? $"There is no such field; it is written '{s_names[index]}'."
            : form == ReportForm.Details ? $"The {s_names[index]} of a report can't be changed: take it back and report again."
            : $"There is no such field here. Known: {string.Join(", ", known)}.";
    }

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
}
