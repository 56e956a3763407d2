namespace OutageAggregator.Web.Http;

/// <summary>Times as the reading API writes them: RFC 3339 in UTC with <c>Z</c> and whole seconds.</summary>
internal static class Times
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    internal static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Written, CultureInfo.InvariantCulture);
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
