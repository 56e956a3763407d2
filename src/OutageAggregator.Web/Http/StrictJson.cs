using System.Text.Unicode;

namespace OutageAggregator.Web.Http;

/// <summary>
/// How bodies of JSON are read here, RFC 8259 and UTF-8 to the letter: known fields only, each once, each a string. The framework's binder
/// was rejected: its messages name .NET types, and it costs more than the rest of a report.
/// </summary>
internal static class StrictJson
{
    // Texts of up to so many characters, four times those of a report's longest comment, cost no memory of their own.
    private const int ShortText = 1_120;

    // Bodies are flat; what is deeper is skipped as a wrong type, and beyond this it is not even skipped.
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 8 };

    /// <returns>Null, or why the body is no JSON object; faults of its fields are told to them.</returns>
    internal static string? Read<T>(ReadOnlySpan<byte> body, string example, ref T fields) where T : struct, IFields
    {
        if (FaultOf(body, example) is { } fault)
            return fault;
        var json = new Utf8JsonReader(body, s_options);
        try
        {
            _ = json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                return $"The body must be one JSON object, such as {example}.";
            ReadObject(ref json, ref fields);
            // Throws where anything but white space follows.
            _ = json.Read();
            return null;
        }
        catch (JsonException e)
        {
            return FaultOf(e);
        }
    }

    private static void ReadObject<T>(ref Utf8JsonReader json, ref T fields) where T : struct, IFields
    {
        Span<char> text = stackalloc char[ShortText];
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(ref json, fields.Names);
            if (field < 0)
            {
                var name = QuoteName(ref json);
                fields.Fail(name, fields.Unknown(name));
                _ = json.Read();
                json.Skip();
                continue;
            }
            if ((seen & (1 << field)) != 0)
                fields.Fail(fields.Names[field], IFields.Twice);
            seen |= 1 << field;
            _ = json.Read();
            ReadValue(ref json, field, text, ref fields);
        }
    }

    private static void ReadValue<T>(ref Utf8JsonReader json, int field, scoped Span<char> text, ref T fields) where T : struct, IFields
    {
        if (json.TokenType == JsonTokenType.Null && fields.MayBeNull(field))
            return;
        if (json.TokenType is JsonTokenType.True or JsonTokenType.False && fields.MayBeTruth(field))
        {
            fields.Set(field, json.TokenType == JsonTokenType.True ? "true" : "false");
            return;
        }
        if (json.TokenType == JsonTokenType.StartArray && fields.MayBeList(field))
        {
            fields.Begin(field);
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                ReadText(ref json, field, text, ref fields);
            return;
        }
        ReadText(ref json, field, text, ref fields);
    }

    private static void ReadText<T>(ref Utf8JsonReader json, int field, scoped Span<char> text, ref T fields) where T : struct, IFields
    {
        if (json.TokenType != JsonTokenType.String)
        {
            fields.Fail(fields.Names[field], NoText(JsonElement.ParseValue(ref json).ValueKind));
            return;
        }
        // A value with more bytes than the longest text has characters may be short enough: escapes take up to six.
        var rented = json.ValueSpan.Length > text.Length ? ArrayPool<char>.Shared.Rent(json.ValueSpan.Length) : null;
        var room = rented ?? text;
        try
        {
            fields.Set(field, room[..json.CopyString(room)]);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair. What is to become of it, the field says.
            fields.Set(field, Unescape(json.ValueSpan));
        }
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
    }

    // A text whose escapes are known to be well formed, with halves of surrogate pairs as they are.
    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (escaped.IndexOf((byte)'\\') is >= 0 and var at)
        {
            _ = text.Append(System.Text.Encoding.UTF8.GetString(escaped[..at]));
            var isCode = escaped[at + 1] == 'u';
            _ = text.Append(isCode
                ? (char)ushort.Parse(escaped.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : (char)escaped[at + 1] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other });
            escaped = escaped[(at + (isCode ? 6 : 2))..];
        }
        return text.Append(System.Text.Encoding.UTF8.GetString(escaped)).ToString();
    }

    private static int Find(ref Utf8JsonReader json, ReadOnlySpan<string> names)
    {
        try
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (json.ValueTextEquals(names[i]))
                    return i;
            }
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: no name of ours.
        }
        return -1;
    }

    // What is wrong with a body before its grammar is looked at, or null.
    private static string? FaultOf(ReadOnlySpan<byte> body, string example)
    {
        if (body.IsEmpty)
            return $"The body is empty: send one JSON object, such as {example}.";
        if (!Utf8.IsValid(body))
            return $"The body is not UTF-8 from byte {FirstBadByte(body) + 1} on.";
        return body.StartsWith("\uFEFF"u8) ? "The body starts with a byte order mark; leave it out." : null;
    }

    private static string FaultOf(JsonException e)
    {
        // The reader's message ends with the place, which we say ourselves, and may advise to change its options, which the sender can't.
        var message = e.Message;
        foreach (var tail in (ReadOnlySpan<string>)[" LineNumber:", " Change the reader options", " Use a custom"])
        {
            var cut = message.IndexOf(tail, StringComparison.Ordinal);
            if (cut >= 0)
                message = message[..cut];
        }
        return $"The JSON goes wrong at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {PlainText.Quote(message, 200)}";
    }

    private static string NoText(JsonValueKind kind)
    {
        var what = kind switch
        {
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "true or false",
            JsonValueKind.Null => "null",
            JsonValueKind.Array => "a list",
            _ => "an object",
        };
        return $"The field is {what}; send a string in double quotes.";
    }

    // The name the reader stands on, fit to be quoted in an answer.
    private static string QuoteName(ref Utf8JsonReader json)
    {
        try
        {
            return PlainText.Quote(json.GetString());
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair.
            return "\uFFFD";
        }
    }

    private static int FirstBadByte(ReadOnlySpan<byte> body)
    {
        var valid = 0;
        while (System.Text.Rune.DecodeFromUtf8(body[valid..], out _, out var width) == OperationStatus.Done)
            valid += width;
        return valid;
    }
}
