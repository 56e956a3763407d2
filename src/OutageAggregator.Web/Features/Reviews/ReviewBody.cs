using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Reviews;

/// <summary>
/// A review as it is sent: <c>{ "verdict": "false-alarm", "reason": "..." }</c>. Read as strictly as reports are: known fields only, each once, each a string.
/// </summary>
internal readonly record struct ReviewBody(ReviewVerdict Verdict, string Reason)
{
    /// <summary>The largest body, bytes: the longest reason with every character escaped (12 bytes each at most), and room.</summary>
    internal const int MaxBytes = 16_384;

    private const string VerdictField = "verdict";
    private const string ReasonField = "reason";
    private const string Example = """{"verdict":"confirmed","reason":"..."}""";

    private static string Allowed { get; } = string.Join(", ", ReviewCodes.Verdicts);

    /// <summary>Null where the body holds a review, else the problem, with every field that has one.</summary>
    internal static ProblemAnswer? Read(ReadOnlySpan<byte> body, out ReviewBody review)
    {
        review = default;
        if (StrictJson.FaultOf(body, Example) is { } fault)
            return ProblemAnswer.Malformed(fault);
        var errors = new FieldErrors();
        string? verdict = null, reason = null;
        var json = new Utf8JsonReader(body, StrictJson.Options);
        try
        {
            _ = json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                return ProblemAnswer.Malformed($"The body must be one JSON object, such as {Example}.");
            ReadObject(ref json, errors, ref verdict, ref reason);
            // Throws where anything but white space follows.
            _ = json.Read();
        }
        catch (JsonException e)
        {
            return ProblemAnswer.Malformed(StrictJson.FaultOf(e));
        }
        Check(verdict, reason?.Trim() ?? "", errors, out review);
        return errors.Any ? ProblemAnswer.InvalidInput(errors) : null;
    }

    private static void ReadObject(ref Utf8JsonReader json, FieldErrors errors, ref string? verdict, ref string? reason)
    {
        var (sawVerdict, sawReason) = (false, false);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = StrictJson.QuoteName(ref json);
            _ = json.Read();
            switch (name)
            {
                case VerdictField:
                    ReadText(ref json, name, ref sawVerdict, errors, ref verdict);
                    break;
                case ReasonField:
                    ReadText(ref json, name, ref sawReason, errors, ref reason);
                    break;
                default:
                    errors.Add(name, $"There is no such field. Known: {VerdictField}, {ReasonField}.");
                    json.Skip();
                    break;
            }
        }
    }

    private static void ReadText(ref Utf8JsonReader json, string name, ref bool seen, FieldErrors errors, ref string? text)
    {
        if (seen)
            errors.Add(name, "The field is there twice; send it once.");
        seen = true;
        // What was refused once is not complained of again as missing.
        text ??= "";
        if (json.TokenType == JsonTokenType.Null && name == ReasonField)
            return;
        if (json.TokenType != JsonTokenType.String)
        {
            errors.Add(name, StrictJson.NoText(json.TokenType));
            json.Skip();
            return;
        }
        try
        {
            text = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            errors.Add(name, StrictJson.HalfPair);
        }
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
