using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;

namespace OutageAggregator.Web.Http;

/// <summary>
/// How every answer is written: camelCase, codes in kebab case, times as <see cref="Times"/>, characters of all scripts as they are. What
/// JSON embedded in HTML would have to escape is not escaped: answers are never embedded, and are sent as application/json with nosniff.
/// </summary>
internal static class AnswerJson
{
    // What people read in an answer, wherever it stands in it.
    private static readonly string[] s_sentences = ["sentence", "detail", "message", "errors"];

    internal static JsonSerializerOptions Written { get; } = Apply(new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { IsolateSentences } },
    });
    internal static byte[] Write<T>(T answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Written);

    /// <summary>Makes options of the framework's the same, from which the description of the API is made.</summary>
    internal static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        // Numbers are numbers, also in the description: never "a number or a text".
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new TextConverter<DateTimeOffset>(Times.Write));
        options.Converters.Add(new TextConverter<Region>(static (json, region) => json.WriteStringValue(region.ToString())));
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        return options;
    }

    private static void IsolateSentences(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.Get is { } get && s_sentences.Contains(member.Name))
                member.Get = of => Isolated(get(of));
        }
    }

    private static object? Isolated(object? sentences) => sentences switch
    {
        string sentence => Isolates.In(sentence),
        IReadOnlyDictionary<string, string> byLanguage => byLanguage.ToDictionary(
            s => s.Key, s => Isolates.In(s.Value, s.Key), StringComparer.Ordinal),
        IReadOnlyDictionary<string, string[]> byField => byField.ToDictionary(
            f => f.Key, f => Array.ConvertAll(f.Value, m => Isolates.In(m)), StringComparer.Ordinal),
        _ => sentences,
    };

    // Writes a value as a text.
    private sealed class TextConverter<T>(Action<Utf8JsonWriter, T> write) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Answers are written, not read.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => write(writer, value);
    }
}

/// <summary>A body that is written in one piece, with its length known.</summary>
internal static class JsonBody
{
    /// <summary>Escapes what JSON demands and no more: people read these answers, which browsers are told not to take for HTML.</summary>
    internal static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Task WriteAsync<T>(HttpContext context, T body, string mediaType = MediaType.Json) =>
        WriteBytesAsync(context, AnswerJson.Write(body), mediaType);

    internal static Task WriteBytesAsync(HttpContext context, ReadOnlyMemory<byte> body, string mediaType = MediaType.Json)
    {
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
