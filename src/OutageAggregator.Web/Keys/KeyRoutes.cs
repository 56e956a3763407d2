namespace OutageAggregator.Web.Keys;

/// <summary>Which scope an address needs: metadata of its endpoint.</summary>
internal sealed record NeededScope(string Scope);

internal static class KeyRoutes
{
    /// <summary>Runs a handler only for a key with a scope, tells it the key's name, and says so in the description of the API.</summary>
    internal static IEndpointConventionBuilder MapKeyed(
        this IEndpointRouteBuilder app, string method, string pattern, string scope,
        Func<HttpContext, string, Task<ProblemAnswer?>> handler) =>
        app.MapMethods(pattern, [method], app.ServiceProvider.GetRequiredService<KeyRing>().Require(scope, handler))
            .WithMetadata(new NeededScope(scope))
            .Refuses(ProblemTypes.KeyRequired, ProblemTypes.KeyUnknown, ProblemTypes.ScopeMissing);
}
