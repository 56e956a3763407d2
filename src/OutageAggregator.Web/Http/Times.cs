namespace OutageAggregator.Web.Http;

/// <summary>Times as the reading API writes them: RFC 3339 in UTC with <c>Z</c> and whole seconds.</summary>
internal static class Times
{
    internal static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static void Write(Utf8JsonWriter json, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[20];
        // "u" is "yyyy-MM-dd HH:mm:ssZ": one character away, and formatted without a string.
        _ = at.TryFormat(text, out var written, "u", CultureInfo.InvariantCulture);
        text[10] = (byte)'T';
        json.WriteStringValue(text[..written]);
    }
}
