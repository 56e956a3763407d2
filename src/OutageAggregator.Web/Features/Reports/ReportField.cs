namespace OutageAggregator.Web.Features.Reports;

/// <summary>The fields of a report as they are sent, in JSON and in the form.</summary>
internal enum ReportField
{
    Service,
    Problem,
    Surface,
    Region,
    Kind,
    OccurredAt,
    Comment,
    WentTo,

    /// <summary>The browser's IANA time zone, which the form's script fills in: the region where nothing better is known.</summary>
    TimeZone,

    /// <summary>A partner's id of its own user; in batches only.</summary>
    Reporter,
}

internal static class ReportFields
{
    internal const string Example = "{\"service\":\"chatgpt\"}";
    private static readonly string[] s_names =
        ["service", "problem", "surface", "region", "kind", "occurredAt", "comment", "wentTo", "timeZone", "reporter"];

    /// <summary>A line of a batch may have all of them, a single report all but the last.</summary>
    internal static ReadOnlySpan<string> Known(bool isOfBatch) => isOfBatch ? s_names : s_names.AsSpan(..^1);
    internal static string Name(this ReportField field) => s_names[(int)field];

    /// <summary>The longest text that is looked at, in UTF-16 units; the comment's own rule is 280 characters.</summary>
    internal static int MaxLength(this ReportField field) => field switch
    {
        ReportField.Comment => ReportDraft.MaxCommentUnits,
        ReportField.Reporter => 128,
        _ => 64,
    };

    internal static string Unknown(string name, ReadOnlySpan<string> known)
    {
        var plain = name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        var index = known.IndexOf(plain, StringComparer.OrdinalIgnoreCase);
        return index < 0 ? $"There is no such field. Known: {string.Join(", ", known)}."
            : $"There is no such field; it is written '{known[index]}'.";
    }
}
