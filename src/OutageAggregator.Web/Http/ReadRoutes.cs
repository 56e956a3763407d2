namespace OutageAggregator.Web.Http;

internal static class ReadRoutes
{
    /// <summary>
    /// GET, and HEAD for the same without its body. Each address names them: what calls its handler is compiled with the code where
    /// <c>MapMethods</c> itself is called, and not behind a method of ours.
    /// </summary>
    public static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
}
