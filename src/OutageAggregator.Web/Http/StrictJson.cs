using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace OutageAggregator.Web.Http;

/// <summary>
/// How bodies of JSON are read here: RFC 8259 and UTF-8 to the letter. What each reader does with the fields is its own; what is no JSON
/// is said in the same words by all.
/// </summary>
internal static class StrictJson
{
    /// <summary>Bodies are flat; what is deeper is skipped as a wrong type, and beyond this it is not even skipped.</summary>
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = 8, CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false };

    internal const string HalfPair = "The text holds half of a surrogate pair (\\uD800 to \\uDFFF); send whole characters.";

    /// <summary>What is wrong with a body before its grammar is looked at, or null.</summary>
    /// <param name="body">All of it.</param>
    /// <param name="example">One object that would be taken.</param>
    internal static string? FaultOf(ReadOnlySpan<byte> body, string example)
    {
        if (body.IsEmpty)
            return $"The body is empty: send one JSON object, such as {example}.";
        if (!Utf8.IsValid(body))
            return string.Create(CultureInfo.InvariantCulture, $"The body is not UTF-8 from byte {FirstBadByte(body) + 1} on.");
        return body.StartsWith("\uFEFF"u8) ? "The body starts with a byte order mark; leave it out." : null;
    }

    /// <summary>Where and how the grammar is broken.</summary>
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
        return string.Create(CultureInfo.InvariantCulture,
            $"The JSON goes wrong at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {PlainText.Quote(message, 200)}");
    }

    /// <summary>What to say where a string is wanted and something else stands.</summary>
    internal static string NoText(JsonTokenType type)
    {
        var what = type switch
        {
            JsonTokenType.Number => "a number",
            JsonTokenType.True or JsonTokenType.False => "true or false",
            JsonTokenType.Null => "null",
            JsonTokenType.StartArray => "a list",
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

    private static int FirstBadByte(ReadOnlySpan<byte> body)
    {
        var valid = 0;
        while (System.Text.Rune.DecodeFromUtf8(body[valid..], out _, out var width) == OperationStatus.Done)
            valid += width;
        return valid;
    }
}
