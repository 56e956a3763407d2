namespace OutageAggregator.Web.Http;

/// <summary>What a request says its body is, or its answer should be.</summary>
internal static class MediaType
{
    internal const string Json = "application/json";
    internal const string Form = "application/x-www-form-urlencoded";
    internal const string NdJson = "application/x-ndjson";

    /// <summary>True for a person: the Accept header of a browser that navigates names text/html.</summary>
    internal static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>One of <paramref name="taken"/>; null for another type or charset, and for a compressed body.</summary>
    internal static string? Of(HttpRequest request, params ReadOnlySpan<string> taken)
    {
        if (request.Headers.ContentEncoding.Count > 0 && !string.Equals(
            request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase))
            return null;
        var text = request.ContentType;
        if (text is not null && taken.IndexOf(text) is >= 0 and var exact)
            return taken[exact];
        if (!MediaTypeHeaderValue.TryParse(text, out var parsed) || (parsed.Charset.HasValue
            && !HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return null;
        foreach (var type in taken)
        {
            if (parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
                return type;
        }
        return null;
    }
}
