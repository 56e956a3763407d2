namespace OutageAggregator.Web.Features.Reviews;

/// <summary>A review as it is sent, <c>{ "verdict": "false-alarm", "reason": "..." }</c>: known fields only, each once.</summary>
internal readonly record struct ReviewBody(ReviewVerdict Verdict, string Reason)
{
    /// <summary>The largest body, bytes: the longest reason with every character escaped (12 bytes each at most), and room.</summary>
    internal const int MaxBytes = 16_384;
    private const string VerdictField = "verdict";
    private const string ReasonField = "reason";
    private const string Example = """{"verdict":"confirmed","reason":"..."}""";

    private static string Allowed { get; } = string.Join(", ", ReviewCodes.Verdicts);

    /// <summary>Null where the body holds a review, else the problem, with every field that has one.</summary>
    internal static ProblemAnswer? Read(byte[] body, out ReviewBody review)
    {
        review = default;
        if (StrictJson.FaultOf(body, Example) is { } fault)
            return ProblemAnswer.Malformed(fault);
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return ProblemAnswer.Malformed($"The body must be one JSON object, such as {Example}.");
            var errors = new FieldErrors();
            var fields = json.RootElement.EnumerateObject().ToLookup(StrictJson.NameOf, f => f.Value, StringComparer.Ordinal);
            foreach (var unknown in fields.Select(f => f.Key).Where(name => name is not (VerdictField or ReasonField)))
                errors.Add(unknown, $"There is no such field. Known: {VerdictField}, {ReasonField}.");
            Check(TextOf(fields, VerdictField, errors), TextOf(fields, ReasonField, errors)?.Trim() ?? "", errors, out review);
            return errors.Any ? ProblemAnswer.InvalidInput(errors) : null;
        }
        catch (JsonException e)
        {
            return ProblemAnswer.Malformed(StrictJson.FaultOf(e));
        }
    }

    // What was refused once is empty, so that it is not complained of again as missing.
    private static string? TextOf(ILookup<string, JsonElement> fields, string name, FieldErrors errors)
    {
        JsonElement[] values = [.. fields[name]];
        if (values.Length == 0)
            return null;
        var (text, fault) = values.Length > 1 ? ("", "The field is there twice; send it once.")
            : values[0].ValueKind == JsonValueKind.Null && name == ReasonField ? ("", null)
            : StrictJson.TextOf(values[0]);
        if (fault is not null)
            errors.Add(name, fault);
        return text;
    }

    private static void Check(string? verdict, string reason, FieldErrors errors, out ReviewBody review)
    {
        var isVerdict = ReviewCodes.TryParse(verdict, out var known);
        review = new ReviewBody(known, reason);
        if (verdict is null)
            errors.Add(VerdictField, $"A verdict is required: one of {Allowed}.");
        else if (!isVerdict && !Complained(errors, VerdictField))
            errors.Add(VerdictField, $"'{PlainText.Quote(verdict)}' is no verdict; use one of {Allowed}.");
        if (Complained(errors, ReasonField))
            return;
        // Stricter than the review itself: the public reads it, so nothing in it may hide or turn around what follows.
        var fault = PlainText.Fault(reason) ?? (isVerdict || reason.Length > 0 ? Review.FaultOf(known, reason) : null);
        if (fault is not null)
            errors.Add(ReasonField, fault);
    }

    private static bool Complained(FieldErrors errors, string field) => errors.Items.Any(e => e.Field == field);
}

/// <summary>A review. Unknown fields are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class ReviewInput
{
    public required ReviewVerdict Verdict { get; init; }

    /// <summary>Why, in plain text without line breaks, for the public to read. Required unless the verdict is <c>confirmed</c>.</summary>
    [MaxLength(1000)]
    public string? Reason { get; init; }
}
