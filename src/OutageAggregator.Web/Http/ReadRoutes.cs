namespace OutageAggregator.Web.Http;

internal static class ReadRoutes
{
    /// <summary>GET, and HEAD for the same without its body.</summary>
    public static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
}
