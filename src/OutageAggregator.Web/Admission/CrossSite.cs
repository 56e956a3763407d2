namespace OutageAggregator.Web.Admission;

/// <summary>
/// Tells a report that a page of another site made a visitor's browser send: such a page could turn all its readers into reporters who
/// know nothing of it. Browsers say where a request comes from in Sec-Fetch-Site (on secure connections) and in Origin; programs send
/// neither. No token in the form is needed then, and none has to be kept.
/// </summary>
internal static class CrossSite
{
    internal static bool Is(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.TryGetValue("Sec-Fetch-Site", out var site) && site.Count > 0)
            return site != "same-origin" && site != "none";
        var origin = headers.Origin;
        if (origin.Count == 0)
            return false;
        var text = origin.ToString();
        var host = text.IndexOf("://", StringComparison.Ordinal);
        // Only the host: behind a proxy that ends TLS the scheme differs though the site is the same. "null" is no host.
        return host < 0 || !string.Equals(text[(host + 3)..], request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
