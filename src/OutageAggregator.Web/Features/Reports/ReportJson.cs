using System.Buffers;
using System.Text.Json;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// Reads a report from JSON, strictly: RFC 8259 and UTF-8 to the letter, known fields only, each once, each a string. The framework's
/// binder was rejected: by default it takes unknown fields, duplicate keys and NUL, its messages name .NET types, and it costs more than the rest of
/// the request.
/// </summary>
internal static class ReportJson
{
    private const string Example = "{\"service\":\"chatgpt\"}";

    /// <summary>Fills a draft.</summary>
    /// <param name="body">At most <see cref="ReportLimits.MaxBytes"/>.</param>
    /// <param name="fields">How many of <see cref="ReportFields.Names"/> are known here.</param>
    /// <param name="draft">Takes the fields and their faults.</param>
    /// <returns>Null, or the problem that the body is no JSON object; faults of fields are in the draft.</returns>
    internal static ProblemAnswer? Read(ReadOnlySpan<byte> body, int fields, ref ReportDraft draft)
    {
        if (StrictJson.FaultOf(body, Example) is { } fault)
            return ProblemAnswer.Malformed(fault);
        var json = new Utf8JsonReader(body, StrictJson.Options);
        try
        {
            _ = json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                return ProblemAnswer.Malformed($"The body must be one JSON object, such as {Example}.");
            ReadObject(ref json, fields, ref draft);
            // Throws where anything but white space follows.
            _ = json.Read();
            return null;
        }
        catch (JsonException e)
        {
            return ProblemAnswer.Malformed(StrictJson.FaultOf(e));
        }
    }

    private static void ReadObject(ref Utf8JsonReader json, int fields, ref ReportDraft draft)
    {
        Span<char> text = stackalloc char[ReportDraft.MaxCommentUnits];
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryFind(ref json, fields, out var index))
            {
                FailUnknown(ref json, fields, ref draft);
                _ = json.Read();
                json.Skip();
                continue;
            }
            var field = (ReportField)index;
            if ((seen & (1 << index)) != 0)
                draft.Fail(field.Name(), ReportFields.Twice);
            seen |= 1 << index;
            _ = json.Read();
            ReadValue(ref json, field, text, ref draft);
        }
    }

    private static void ReadValue(ref Utf8JsonReader json, ReportField field, scoped Span<char> text, ref ReportDraft draft)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String when json.ValueSpan.Length <= text.Length:
                try
                {
                    draft.Set(field, text[..json.CopyString(text)]);
                }
                catch (InvalidOperationException)
                {
                    draft.Fail(field.Name(), StrictJson.HalfPair);
                }
                break;
            case JsonTokenType.String:
                ReadLong(ref json, field, ref draft);
                break;
            case JsonTokenType.Null when field is not (ReportField.Service or ReportField.Reporter):
                // The same as leaving it out: what many serialisers send for an optional field.
                break;
            default:
                draft.Fail(field.Name(), StrictJson.NoText(json.TokenType));
                json.Skip();
                break;
        }
    }

    /// <summary>A value with more bytes than the longest text has characters may still be short enough: escapes and UTF-8 take up to six bytes each.</summary>
    private static void ReadLong(ref Utf8JsonReader json, ReportField field, ref ReportDraft draft)
    {
        var rented = ArrayPool<char>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            draft.Set(field, rented.AsSpan(0, json.CopyString(rented)));
        }
        catch (InvalidOperationException)
        {
            draft.Fail(field.Name(), StrictJson.HalfPair);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static bool TryFind(ref Utf8JsonReader json, int fields, out int index)
    {
        try
        {
            for (index = 0; index < fields; index++)
            {
                if (json.ValueTextEquals(ReportFields.Names[index]))
                    return true;
            }
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: no name of ours.
            index = -1;
        }
        return false;
    }

    private static void FailUnknown(ref Utf8JsonReader json, int fields, ref ReportDraft draft)
    {
        var name = StrictJson.QuoteName(ref json);
        draft.Fail(name, ReportFields.Unknown(name, fields));
    }
}
