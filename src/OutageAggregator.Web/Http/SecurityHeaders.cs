namespace OutageAggregator.Web.Http;

/// <summary>
/// What every answer tells a browser: our own files only, no framing, no guessing of types. Pages of any origin may read, without cookies,
/// of which there are none; they may not write: a browser asks first and is refused.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string OwnFilesOnly =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src "
        + "'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // Data, should a browser ever show it as a page: nothing in it may load or run.
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        Apply(context);
        var request = context.Request;
        if (!HttpMethods.IsOptions(request.Method) || !request.Headers.ContainsKey("Access-Control-Request-Method"))
            return next(context);

        // A preflight: what may be read may be read with these headers; a method that is not listed is thereby refused.
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "GET, HEAD";
        headers.AccessControlAllowHeaders = "Accept, Cache-Control, If-None-Match, Last-Event-ID";
        headers.AccessControlMaxAge = "86400";
        return Task.CompletedTask;
    }

    internal static void Apply(HttpContext context)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        var isData = request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = isData ? Nothing : OwnFilesOnly;
        if (!isData)
            headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            headers.AccessControlAllowOrigin = "*";
            headers.AccessControlExposeHeaders = "ETag, Freshness, RateLimit, RateLimit-Policy, Retry-After, Link";
        }
    }
}

/// <summary>Names of the fields of draft-ietf-httpapi-ratelimit-headers.</summary>
internal static class RateFields
{
    internal const string Policy = "RateLimit-Policy";
    internal const string Limit = "RateLimit";
}
