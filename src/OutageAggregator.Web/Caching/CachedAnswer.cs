namespace OutageAggregator.Web.Caching;

/// <summary>Sends rendered bytes, compressed where that is asked for and worth it, or 304 to a caller who has them already.</summary>
/// <param name="freshness">Null for an answer that carries none.</param>
internal sealed class CachedAnswer(Rendered rendered, FreshnessMark? freshness = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var sent = rendered.With(freshness ?? FreshnessMark.None);
        var encoding = sent.IsWorthCompressing ? Compression.Accepted(request) : null;
        response.Headers.ETag = encoding is null || sent.ETag[0] == 'W' ? sent.ETag : $"W/{sent.ETag}";
        response.Headers.CacheControl = "no-cache";
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (IsHeld(request, sent.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        return JsonBody.WriteBytesAsync(httpContext, sent.In(encoding), rendered.MediaType);
    }

    // If-None-Match of RFC 9110, section 13.1.2: "*" or a list, compared weakly; what is no list of ETags is ignored.
    private static bool IsHeld(HttpRequest request, string etag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var held) && EntityTagHeaderValue.Parse(etag) is var sent
        && held.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(sent, useStrongComparison: false));
}
