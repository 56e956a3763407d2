namespace OutageAggregator.Web.Features.Reports;

/// <summary>Reads a report from a plain HTML form, where an empty field is one that was left out.</summary>
internal static class ReportForm
{
    /// <returns>Null, or the problem that the body is no form; faults of fields are in the draft.</returns>
    internal static ProblemAnswer? Read(ReadOnlySpan<byte> body, ref ReportDraft draft)
    {
        if (!PlainForm.TryRead(body, out var fields, out var fault))
            return new ProblemAnswer(ProblemTypes.MalformedBody, fault) { Errors = FieldErrors.Of("body", fault) };
        foreach (var (name, value) in fields)
        {
            var index = ReportFields.Names[..ReportFields.OfSingle].IndexOf(name);
            if (index < 0)
            {
                var quoted = PlainText.Quote(name);
                draft.Fail(quoted, ReportFields.Unknown(quoted, ReportFields.OfSingle));
                continue;
            }
            draft.See((ReportField)index);
            if (value.Length > 0)
                draft.Set((ReportField)index, value);
        }
        return null;
    }
}
