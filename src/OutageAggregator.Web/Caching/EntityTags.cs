using Microsoft.Net.Http.Headers;

namespace OutageAggregator.Web.Caching;

/// <summary>If-None-Match, RFC 9110 section 13.1.2.</summary>
internal static class EntityTags
{
    /// <summary>True where the caller holds this representation: the header is <c>*</c> or lists its ETag, compared weakly. What is no list of ETags is ignored.</summary>
    internal static bool Holds(HttpRequest request, string etag)
    {
        var header = request.Headers.IfNoneMatch;
        if (header.Count == 0 || !EntityTagHeaderValue.TryParseList(header, out var held))
            return false;
        var sent = EntityTagHeaderValue.Parse(etag);
        foreach (var one in held)
        {
            if (one.Equals(EntityTagHeaderValue.Any) || one.Compare(sent, useStrongComparison: false))
                return true;
        }
        return false;
    }
}
