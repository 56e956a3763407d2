using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using OutageAggregator.Web.Answers;

namespace OutageAggregator.Web.Caching;

/// <summary>Sends rendered bytes, compressed where that is asked for and worth it, or 304 to a caller who has them already.</summary>
internal class CachedAnswer(Rendered rendered, FreshnessMark freshness) : IResult
{
    /// <summary>An answer that stays the same while the server runs, and carries no freshness.</summary>
    internal static CachedAnswer Unchanging(Rendered rendered) => new(rendered, FreshnessMark.None);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var sent = rendered.With(freshness);
        var encoding = sent.IsWorthCompressing ? Compression.Accepted(request) : null;
        response.Headers.ETag = encoding is null || sent.ETag[0] == 'W' ? sent.ETag : $"W/{sent.ETag}";
        response.Headers.CacheControl = "no-cache";
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (EntityTags.Holds(request, sent.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var body = sent.In(encoding);
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentType = rendered.MediaType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}

/// <summary>An answer of a type with its freshness, and what the description of the API tells of it.</summary>
internal sealed class Fresh<T>(Rendered<T> rendered, FreshnessMark freshness) : CachedAnswer(rendered, freshness), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Fresh.Describe(builder.Metadata, typeof(T), "application/json", description: null);
}

/// <summary>Marks an address whose answers carry freshness and an ETag: metadata of its endpoint.</summary>
internal sealed class Fresh
{
    private static readonly Fresh s_mark = new();

    internal static void Describe(IList<object> metadata, Type type, string mediaType, string? description)
    {
        metadata.Add(s_mark);
        metadata.Add(Mention.Of(typeof(FreshAnswer), Mention.Freshness));
        metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, type, [mediaType]) { Description = description });
        metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)) { Description = "You hold it already." });
    }
}
