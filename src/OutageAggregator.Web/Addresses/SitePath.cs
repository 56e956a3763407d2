namespace OutageAggregator.Web.Addresses;

/// <summary>The path that a site is mounted under: empty, or <c>/status</c>, or <c>/tools/status</c>.</summary>
internal static class SitePath
{
    private const int MaxLength = 128;

    // What needs no escape in an address, an attribute or a header, so that it can stand in all of them as it is.
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <param name="path">Empty, or with a slash before it; one behind it is left out.</param>
    internal static bool TryParse(string? text, out string path)
    {
        path = text is null or "/" ? "" : text.EndsWith('/') ? text[..^1] : text;
        if (path.Length == 0)
            return true;
        if (path.Length > MaxLength || path[0] != '/')
            return false;
        foreach (var range in path.AsSpan(1).Split('/'))
        {
            var segment = path.AsSpan(1)[range];
            if (segment is "" or "." or ".." || segment.ContainsAnyExcept(s_plain))
                return false;
        }
        return true;
    }
}
