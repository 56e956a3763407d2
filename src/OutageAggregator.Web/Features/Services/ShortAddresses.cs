namespace OutageAggregator.Web.Features.Services;

/// <summary>
/// Addresses as people type them, where nothing of ours is: <c>/chatgpt</c>, <c>/ChatGPT</c>, <c>/chatgpt.com</c>, and the questions
/// <c>/is-chatgpt-down</c>, <c>/is-chatgpt-down-right-now</c>, with a slash at the end or without, lead to the service's page (308). A service that is called like a page of
/// ours has only its own address below <c>/services</c>. What no service is called is a 404 that offers what comes near, and the search.
/// </summary>
internal sealed class ShortAddresses(RequestDelegate next, Catalog catalog)
{
    private const int MaxLength = 80;
    private const int Suggestions = 5;
    private const string Is = "is-";

    // The words that end a question after a name, as people write them into addresses.
    private static readonly string[] s_ends = ["-down-right-now", "-down-today", "-down-now", "-down"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!isRead || context.GetEndpoint() is not null || request.Path.Value is not ['/', _, ..] path || path.Length > MaxLength)
            return next(context);
        var name = path[^1] == '/' ? path[1..^1] : path[1..];
        if (name.Contains('/', StringComparison.Ordinal))
            return next(context);
        if (Find(name) is { } service)
        {
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = $"/services/{service.Slug}{request.QueryString}";
            // For ever would be longer than a catalog stays as it is.
            context.Response.Headers.CacheControl = "public, max-age=3600";
            return Task.CompletedTask;
        }
        var near = catalog.Search(Asked(name)?.Replace('-', ' ') ?? name.Replace('-', ' '), Suggestions);
        return near.Count == 0 ? next(context)
            : new ProblemAnswer(ProblemTypes.NotFound, $"Nothing is at {PlainText.Quote($"{request.PathBase.Value}{path}", 200)}.") { Suggestions = near }.ExecuteAsync(context);
    }

    // The name itself first: there are services that are called like a question.
    private Service? Find(string name) => ServiceLookup.Find(catalog, name)
        ?? (Asked(name) is { } asked ? ServiceLookup.Find(catalog, asked) ?? ServiceLookup.Find(catalog, asked.Replace('-', ' ')) : null);

    private static string? Asked(string name) =>
        name.StartsWith(Is, StringComparison.OrdinalIgnoreCase)
        && s_ends.FirstOrDefault(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase) && name.Length > Is.Length + e.Length) is { } end
            ? name[Is.Length..^end.Length]
            : null;
}
