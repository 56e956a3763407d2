namespace OutageAggregator.Web.Admission;

/// <summary>
/// Under which address the caller sees this server, for links that leave it. Behind a proxy that ends TLS the connection is plain, so
/// X-Forwarded-Proto is believed, as X-Forwarded-For is: from our own proxies only, and only <c>http</c> or <c>https</c>.
/// </summary>
internal static class PublicAddress
{
    /// <summary>Scheme and host, such as <c>https://example.org</c>.</summary>
    internal static string Of(HttpContext context) => $"{Scheme(context)}://{context.Request.Host}";

    // Of several values the last one: the proxy next to us wrote it.
    private static string Scheme(HttpContext context) =>
        Caller.Of(context).PeerIsTrusted && context.Request.Headers["X-Forwarded-Proto"] is [.., { } line]
        && line[(line.LastIndexOf(',') + 1)..].Trim().ToLowerInvariant() is ("http" or "https") and var scheme
            ? scheme
            : context.Request.Scheme;
}
