using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OutageAggregator.Web.Caching;

/// <summary>Sends rendered bytes, compressed where that is asked for and worth it, or 304 to a caller who has them already.</summary>
/// <param name="rendered">The answer.</param>
/// <param name="freshness">JSON to add to it, or empty.</param>
/// <param name="etag">Of the plain bytes; sent as a weak one where they are compressed.</param>
internal sealed class CachedAnswer(Rendered rendered, byte[] freshness, string etag) : IResult
{
    /// <summary>An answer that stays the same while the server runs, and carries no freshness.</summary>
    internal static CachedAnswer Unchanging(Rendered rendered) => new(rendered, [], $"\"{rendered.Hash}\"");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var encoding = rendered.IsWorthCompressing(freshness) ? Compression.Accepted(request) : null;
        response.Headers.ETag = encoding is null || etag.StartsWith('W') ? etag : $"W/{etag}";
        response.Headers.CacheControl = "no-cache";
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (EntityTags.Holds(request, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        // After the tag: who holds the data costs no body, whose freshness is a new one every second.
        var body = rendered.With(freshness).In(encoding);
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentType = rendered.MediaType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
