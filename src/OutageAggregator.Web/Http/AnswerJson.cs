using System.Text.Encodings.Web;

namespace OutageAggregator.Web.Http;

/// <summary>
/// How every answer is written: camelCase, codes in kebab case, times as <see cref="Times"/>, characters of all scripts as they are. What
/// JSON embedded in HTML would have to escape is not escaped: answers are never embedded, and are sent as application/json with nosniff.
/// </summary>
internal static class AnswerJson
{
    internal static JsonSerializerOptions Written { get; } = Apply(new(JsonSerializerDefaults.Web));
    internal static byte[] Write<T>(T answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Written);

    /// <summary>Makes options of the framework's the same, from which the description of the API is made.</summary>
    internal static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        // Numbers are numbers, also in the description: never "a number or a text".
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new TimeConverter());
        options.Converters.Add(new RegionConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        return options;
    }

    private sealed class RegionConverter : JsonConverter<Region>
    {
        public override Region Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Answers are written, not read.");

        public override void Write(Utf8JsonWriter writer, Region value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
