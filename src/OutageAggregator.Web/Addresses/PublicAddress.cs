namespace OutageAggregator.Web.Addresses;

/// <summary>
/// Under which address the caller of a request sees this site: what the settings state, or else what our own proxies forward, or else what
/// the request says of itself. <c>X-Forwarded-Proto</c>, <c>-Host</c> and <c>-Prefix</c> are believed as <c>X-Forwarded-For</c> is: from
/// trusted peers only, of several values the last one, which the proxy next to us wrote, and only where they are what they should be.
/// </summary>
/// <param name="stated">The public address of the settings.</param>
/// <param name="forwarded">The headers of a request from a trusted peer; null of any other.</param>
internal sealed class PublicAddress(PublicUrl? stated, IHeaderDictionary? forwarded)
{
    /// <summary>The public address of the settings; null where they state none.</summary>
    internal PublicUrl? Stated => stated;

    /// <summary>What the address of everything within the site begins with: empty, or <c>/status</c>.</summary>
    internal string Path { get; } =
        stated is not null ? stated.Path : SitePath.TryParse(Last(forwarded, "X-Forwarded-Prefix"), out var path) ? path : "";

    private string? Scheme =>
        Last(forwarded, "X-Forwarded-Proto")?.ToLowerInvariant() is ("http" or "https") and var scheme ? scheme : null;

    private string? Host => Last(forwarded, "X-Forwarded-Host") is { } host && Authority.TryParse(host, out _) ? host : null;

    /// <summary>The whole address without a slash at its end, such as <c>https://example.org/status</c>.</summary>
    internal static string Of(HttpContext context) => Find(context).Absolute(context.Request);

    internal static PublicAddress Find(HttpContext context) =>
        context.Features.Get<PublicAddress>() ?? throw new InvalidOperationException("The entrance did not run.");

    internal OwnAddresses Own(HttpRequest request) => new(stated, request.Host.Value, Host, request.HttpContext.Connection.LocalPort);

    private string Absolute(HttpRequest request) =>
        stated?.ToString() ?? $"{Scheme ?? request.Scheme}://{Host ?? request.Host.Value}{Path}";

    private static string? Last(IHeaderDictionary? headers, string name) =>
        headers is not null && headers[name] is [.., { } line] ? line[(line.LastIndexOf(',') + 1)..].Trim() : null;
}
