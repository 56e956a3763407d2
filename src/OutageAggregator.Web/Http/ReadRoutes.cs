namespace OutageAggregator.Web.Http;

internal static class ReadRoutes
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>GET, and HEAD for the same without its body.</summary>
    internal static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapMethods(pattern, s_methods, handler);
}
