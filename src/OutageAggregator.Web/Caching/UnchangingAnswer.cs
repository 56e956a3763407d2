using Microsoft.AspNetCore.Http;

namespace OutageAggregator.Web.Caching;

/// <summary>Sends what stays the same while the server runs and carries no freshness, with a strong ETag.</summary>
internal sealed class UnchangingAnswer(Rendered rendered) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var etag = $"\"{rendered.Hash}\"";
        response.Headers.ETag = etag;
        response.Headers.CacheControl = "no-cache";
        if (EntityTags.Holds(httpContext.Request, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = rendered.MediaType;
        response.ContentLength = rendered.Body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await response.Body.WriteAsync(rendered.Body, httpContext.RequestAborted);
    }
}
