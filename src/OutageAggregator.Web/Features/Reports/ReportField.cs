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
    private static readonly string[] s_names =
        ["service", "problem", "surface", "region", "kind", "occurredAt", "comment", "wentTo", "timeZone", "reporter"];

    /// <summary>How many of them a single report may have; a batch line may have all.</summary>
    internal const int OfSingle = (int)ReportField.Reporter;

    internal static ReadOnlySpan<string> Names => s_names;
    internal static string Name(this ReportField field) => s_names[(int)field];

    /// <summary>The longest text that is looked at, in UTF-16 units; the comment's own rule is 280 characters.</summary>
    internal static int MaxLength(this ReportField field) => field switch
    {
        ReportField.Comment => ReportDraft.MaxCommentUnits,
        ReportField.Reporter => 128,
        _ => 64,
    };

    internal static string Unknown(string name, int fields)
    {
        var plain = name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return s_names.Take(fields).FirstOrDefault(n => string.Equals(n, plain, StringComparison.OrdinalIgnoreCase)) is { } known
            ? $"There is no such field; it is written '{known}'."
            : $"There is no such field. Known: {string.Join(", ", s_names.Take(fields))}.";
    }
}
