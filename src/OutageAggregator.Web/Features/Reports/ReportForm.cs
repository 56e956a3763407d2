using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Reads a report from a plain HTML form: the same fields under the same names, so the form works without scripts. Browsers send every
/// input, filled in or not: an empty one is one that was left out.
/// </summary>
internal static class ReportForm
{
    /// <param name="body">At most <see cref="ReportLimits.MaxBytes"/>.</param>
    /// <param name="draft">Takes the fields and their faults.</param>
    /// <returns>Null, or the problem that the body is no form; faults of fields are in the draft.</returns>
    internal static ProblemAnswer? Read(ReadOnlySpan<byte> body, ref ReportDraft draft)
    {
        if (!PlainForm.TryRead(body, out var fields, out var fault))
            return new ProblemAnswer(ProblemTypes.MalformedBody, fault) { Errors = FieldErrors.Of("body", fault) };
        var seen = 0;
        foreach (var (name, value) in fields)
        {
            var index = ReportFields.Names[..ReportFields.OfSingle].IndexOf(name);
            if (index < 0)
            {
                var quoted = PlainText.Quote(name);
                draft.Fail(quoted, ReportFields.Unknown(quoted, ReportFields.OfSingle));
                continue;
            }
            var field = (ReportField)index;
            if ((seen & (1 << index)) != 0)
                draft.Fail(field.Name(), ReportFields.Twice);
            seen |= 1 << index;
            if (value.Length > 0)
                draft.Set(field, value);
        }
        return null;
    }
}
