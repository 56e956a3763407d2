using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OutageAggregator.Web.Answers;

/// <summary>Times as the API writes and reads them: RFC 3339, written in UTC with <c>Z</c> and whole seconds.</summary>
internal static class Times
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    // RFC 3339 asks for seconds and an offset; a fraction is allowed and dropped.
    private static readonly string[] s_read = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    internal static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Written, CultureInfo.InvariantCulture);

    /// <summary>Reads an RFC 3339 time of the years 1970 to 2999.</summary>
    internal static bool TryParse([NotNullWhen(true)] string? text, out DateTimeOffset at)
    {
        at = default;
        if (text is null || text.Length is < 20 or > 40)
            return false;
        var upper = text.ToUpperInvariant();
        // "-00:00" is RFC 3339's word for UTC with the place unknown.
        var offset = upper[^1] == 'Z' ? upper[..^1] + "+00:00" : upper;
        return DateTimeOffset.TryParseExact(offset, s_read, CultureInfo.InvariantCulture, DateTimeStyles.None, out at)
            && at.UtcDateTime.Year is >= 1970 and < 3000;
    }
}

/// <summary>Writes times as <see cref="Times"/> does; answers are never read back.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Answers are written, not read.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[20];
        // "u" is "yyyy-MM-dd HH:mm:ssZ": one character away, and formatted without a string.
        _ = value.TryFormat(text, out var written, "u", CultureInfo.InvariantCulture);
        text[10] = (byte)'T';
        writer.WriteStringValue(text[..written]);
    }
}
