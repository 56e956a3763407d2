namespace OutageAggregator.Web.Caching;

/// <summary>If-None-Match, RFC 9110 section 13.1.2.</summary>
internal static class EntityTags
{
    /// <summary>True where the header is <c>*</c> or lists this ETag, compared weakly; what is no list of ETags is ignored.</summary>
    internal static bool Holds(HttpRequest request, string etag)
    {
        var header = request.Headers.IfNoneMatch;
        if (header.Count == 0 || !EntityTagHeaderValue.TryParseList(header, out var held))
            return false;
        var sent = EntityTagHeaderValue.Parse(etag);
        return held.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(sent, useStrongComparison: false));
    }
}
