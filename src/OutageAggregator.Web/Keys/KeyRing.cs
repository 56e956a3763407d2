namespace OutageAggregator.Web.Keys;

/// <summary>What a key may be allowed to do.</summary>
public static class Scopes
{
    public const string Admin = "admin";
    public const string Statements = "statements";
    public const string Webhooks = "webhooks";
    public const string Ingest = "ingest";
}

/// <summary>
/// Finds the key that a request presents as <c>Authorization: Bearer KEY</c> (RFC 6750). Not the framework's authentication: a list of
/// hashes needs no schemes, claims and policies, and its challenges answer no problem details.
/// </summary>
public sealed class KeyRing(KeySettings settings)
{
    private const string Challenge = "Bearer realm=\"OutageAggregator\"";
    private const string Scheme = "Bearer ";

    // Longer than any key; bounds the hashing a stranger can cause.
    private const int MaxToken = 1024;
    /// <param name="handler">Answers itself, or says why not.</param>
    public RequestDelegate Require(string scope, Func<HttpContext, string, Task<ProblemAnswer?>> handler) => async context =>
    {
        var key = Presented(context);
        var problem = key?.ScopeCodes.Contains(scope, StringComparer.Ordinal) == true
            ? await handler(context, key.Name)
            : Refuse(context, key, scope);
        if (problem is not null)
            await problem.ExecuteAsync(context);
    };

    private static ProblemAnswer Refuse(HttpContext context, KeyEntry? presented, string scope)
    {
        var (challenge, type, detail) = presented switch
        {
            { } key => ($", error=\"insufficient_scope\", scope=\"{scope}\"", ProblemTypes.ScopeMissing,
                $"The key '{key.Name}' has no scope '{scope}'."),
            null when context.Request.Headers.Authorization.Count == 0 =>
                ("", ProblemTypes.KeyRequired, $"Send a key with the scope '{scope}' as 'Authorization: Bearer KEY'."),
            _ => (", error=\"invalid_token\"", ProblemTypes.KeyUnknown,
                "The Authorization header holds no key of this server; it must read 'Bearer KEY'."),
        };
        context.Response.Headers.WWWAuthenticate = Challenge + challenge;
        return new ProblemAnswer(type, detail);
    }

    private KeyEntry? Presented(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { Length: <= MaxToken } text
            || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(text[Scheme.Length..].Trim()), hash);
        KeyEntry? found = null;
        foreach (var key in settings.Keys)
        {
            // All of them, each in constant time: how long it takes says nothing about how near a guess came.
            if (CryptographicOperations.FixedTimeEquals(key.Hash, hash))
                found = key;
        }
        return found;
    }
}

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
