using System.Text.Unicode;

namespace OutageAggregator.Web.Http;

/// <summary>How bodies of JSON are read here, RFC 8259 and UTF-8 to the letter, and what is said of those that are none.</summary>
internal static class StrictJson
{
    /// <summary>Bodies are flat; what is deeper is skipped as a wrong type, and beyond this it is not even skipped.</summary>
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };
    internal const string HalfPair = "The text holds half of a surrogate pair (\\uD800 to \\uDFFF); send whole characters.";

    /// <summary>What is wrong with a body before its grammar is looked at, or null.</summary>
    internal static string? FaultOf(ReadOnlySpan<byte> body, string example)
    {
        if (body.IsEmpty)
            return $"The body is empty: send one JSON object, such as {example}.";
        if (!Utf8.IsValid(body))
            return $"The body is not UTF-8 from byte {FirstBadByte(body) + 1} on.";
        return body.StartsWith("\uFEFF"u8) ? "The body starts with a byte order mark; leave it out." : null;
    }

    internal static string FaultOf(JsonException e)
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

    internal static string NoText(JsonValueKind kind)
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

    /// <summary>The name the reader stands on, fit to be quoted in an answer.</summary>
    internal static string QuoteName(ref Utf8JsonReader json)
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

    internal static string NameOf(JsonProperty member)
    {
        try
        {
            return PlainText.Quote(member.Name);
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    /// <summary>The text of a string, or what is wrong with the value.</summary>
    internal static (string Text, string? Fault) TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? (value.GetString()!, null) : ("", NoText(value.ValueKind));
        }
        catch (InvalidOperationException)
        {
            return ("", HalfPair);
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
