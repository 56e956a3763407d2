using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Reporting;

/// <summary>
/// Reads a report from JSON, strictly: RFC 8259 and UTF-8 to the letter, known fields only, each once, each a string. The framework's
/// binder was rejected: by default it takes unknown fields, duplicate keys and NUL, its messages name .NET types, and it costs more than the rest of
/// the request.
/// </summary>
internal static class ReportJson
{
    // Reports are flat; what is deeper is skipped as a wrong type, and beyond this it is not even skipped.
    private static readonly JsonReaderOptions s_strict = new() { MaxDepth = 8, CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false };

    /// <summary>Fills a draft.</summary>
    /// <param name="body">At most <see cref="ReportLimits.MaxBytes"/>.</param>
    /// <param name="fields">How many of <see cref="ReportFields.Names"/> are known here.</param>
    /// <param name="draft">Takes the fields and their faults.</param>
    /// <returns>Null, or the problem that the body is no JSON object; faults of fields are in the draft.</returns>
    internal static ProblemAnswer? Read(ReadOnlySpan<byte> body, int fields, ref ReportDraft draft)
    {
        if (body.IsEmpty)
            return Malformed("The body is empty: send one JSON object, such as {\"service\":\"chatgpt\"}.");
        if (!Utf8.IsValid(body))
            return Malformed(string.Create(CultureInfo.InvariantCulture, $"The body is not UTF-8 from byte {FirstBadByte(body) + 1} on."));
        if (body.StartsWith("\uFEFF"u8))
            return Malformed("The body starts with a byte order mark; leave it out.");
        var json = new Utf8JsonReader(body, s_strict);
        try
        {
            _ = json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                return Malformed("The body must be one JSON object, such as {\"service\":\"chatgpt\"}.");
            ReadObject(ref json, fields, ref draft);
            // Throws where anything but white space follows.
            _ = json.Read();
            return null;
        }
        catch (JsonException e)
        {
            return Malformed(string.Create(CultureInfo.InvariantCulture,
                $"The JSON goes wrong at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {Reason(e)}"));
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
                    draft.Fail(field.Name(), "The text holds half of a surrogate pair (\\uD800 to \\uDFFF); send whole characters.");
                }
                break;
            case JsonTokenType.String:
                ReadLong(ref json, field, ref draft);
                break;
            case JsonTokenType.Null when field is not (ReportField.Service or ReportField.Reporter):
                // The same as leaving it out: what many serialisers send for an optional field.
                break;
            default:
                draft.Fail(field.Name(), $"The field is {Describe(json.TokenType)}; send a string in double quotes.");
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
            draft.Fail(field.Name(), "The text holds half of a surrogate pair (\\uD800 to \\uDFFF); send whole characters.");
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
        string name;
        try
        {
            name = PlainText.Quote(json.GetString());
        }
        catch (InvalidOperationException)
        {
            name = "\uFFFD";
        }
        draft.Fail(name, ReportFields.Unknown(name, fields));
    }

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "a list",
        _ => "an object",
    };

    private static string Reason(JsonException e)
    {
        // The reader's message ends with the place, which we say ourselves, and may advise to change its options, which the sender can't.
        var message = e.Message;
        foreach (var tail in (ReadOnlySpan<string>)[" LineNumber:", " Change the reader options", " Use a custom"])
        {
            var cut = message.IndexOf(tail, StringComparison.Ordinal);
            if (cut >= 0)
                message = message[..cut];
        }
        return PlainText.Quote(message, 200);
    }

    private static int FirstBadByte(ReadOnlySpan<byte> body)
    {
        var valid = 0;
        while (System.Text.Rune.DecodeFromUtf8(body[valid..], out _, out var width) == OperationStatus.Done)
            valid += width;
        return valid;
    }

    private static ProblemAnswer Malformed(string detail) =>
        new(ProblemTypes.MalformedBody, detail) { Errors = FieldErrors.Of("body", detail) };
}
