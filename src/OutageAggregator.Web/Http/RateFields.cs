namespace OutageAggregator.Web.Http;

/// <summary>Names of the fields of draft-ietf-httpapi-ratelimit-headers.</summary>
internal static class RateFields
{
    internal const string Policy = "RateLimit-Policy";
    internal const string Limit = "RateLimit";
}
