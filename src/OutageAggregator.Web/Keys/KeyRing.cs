using System.Security.Cryptography;
using System.Text;
using OutageAggregator.Web.Problems;

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
/// Finds the key that a request presents as <c>Authorization: Bearer KEY</c> (RFC 6750). The framework's authentication was rejected for
/// this: a list of hashes needs no schemes, handlers, claims and policies, and its challenges answer no problem details.
/// </summary>
public sealed class KeyRing(KeySettings settings)
{
    private const string Challenge = "Bearer realm=\"OutageAggregator\"";
    private const string Scheme = "Bearer ";

    // Longer than any key; bounds the hashing a stranger can cause.
    private const int MaxToken = 1024;

    private readonly KeyEntry[] _keys = settings.Keys;

    /// <summary>Lets a handler run only for a key with a scope, and tells it the key's name.</summary>
    public RequestDelegate Require(string scope, Func<HttpContext, string, Task> handler) => context =>
        Find(context, scope) is { } key ? handler(context, key.Name) : RefuseAsync(context, scope);

    private KeyEntry? Find(HttpContext context, string scope) =>
        Presented(context) is { } key && key.ScopeCodes.Contains(scope, StringComparer.Ordinal) ? key : null;

    private Task RefuseAsync(HttpContext context, string scope)
    {
        var headers = context.Response.Headers;
        if (context.Request.Headers.Authorization.Count == 0)
        {
            headers.WWWAuthenticate = Challenge;
            return new ProblemAnswer(ProblemTypes.KeyRequired, $"Send a key with the scope '{scope}' as 'Authorization: Bearer KEY'.").ExecuteAsync(context);
        }
        if (Presented(context) is not { } key)
        {
            headers.WWWAuthenticate = $"{Challenge}, error=\"invalid_token\"";
            return new ProblemAnswer(ProblemTypes.KeyUnknown, "The Authorization header holds no key of this server; it must read 'Bearer KEY'.").ExecuteAsync(context);
        }
        headers.WWWAuthenticate = $"{Challenge}, error=\"insufficient_scope\", scope=\"{scope}\"";
        return new ProblemAnswer(ProblemTypes.ScopeMissing, $"The key '{key.Name}' has no scope '{scope}'.").ExecuteAsync(context);
    }

    private KeyEntry? Presented(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } text || text.Length > MaxToken || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(text[Scheme.Length..].Trim()), hash);
        KeyEntry? found = null;
        foreach (var key in _keys)
        {
            // All of them, each in constant time: how long it takes says nothing about how near a guess came.
            if (CryptographicOperations.FixedTimeEquals(key.Hash, hash))
                found = key;
        }
        return found;
    }
}
