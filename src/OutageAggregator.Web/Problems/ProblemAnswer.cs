namespace OutageAggregator.Web.Problems;

/// <summary>
/// An error as every handler answers it: RFC 9457 problem details, or the same as a small page where a person's browser asks for one.
/// The framework's own writer of problem details was rejected: it costs reflection and a service scope.
/// <code>
///   { "type": "/problems/unknown-service", "title": "...", "status": 404, "detail": "...", "instance": "/api/v1/reports",
///     "errors": { "service": ["..."] }, "suggestions": [{ "slug": "chatgpt", "name": "ChatGPT" }] }
/// </code>
/// </summary>
/// <param name="type">Which of <see cref="ProblemTypes"/>.</param>
/// <param name="detail">What happened this time, and how to mend it.</param>
public sealed class ProblemAnswer(ProblemType type, string detail) : IResult
{
    public const string MediaType = "application/problem+json";

    public ProblemType Type => type;
    public string Detail => detail;

    /// <summary>For bad input: what is wrong, field by field.</summary>
    public FieldErrors? Errors { get; init; }

    /// <summary>For an unknown service: what comes near.</summary>
    public IReadOnlyList<Service> Suggestions { get; init; } = [];

    /// <summary>Seconds for the Retry-After header; 0 for none.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>Bad input with its fields; the detail repeats the first message for readers that look no further.</summary>
    public static ProblemAnswer InvalidInput(FieldErrors errors)
    {
        var (field, message) = errors.First;
        return new ProblemAnswer(ProblemTypes.InvalidInput, $"{field}: {message}") { Errors = errors };
    }

    public static ProblemAnswer InvalidInput(string field, string message) => InvalidInput(FieldErrors.Of(field, message));

    /// <summary>A body that is not what its Content-Type says.</summary>
    public static ProblemAnswer Malformed(string detail) =>
        new(ProblemTypes.MalformedBody, detail) { Errors = FieldErrors.Of("body", detail) };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = type.Status;
        if (RetryAfterSeconds > 0)
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        // What is left of the body may be too much to read through; a client must not send its next request into a connection that closes.
        if (type.Status == StatusCodes.Status413PayloadTooLarge && HttpProtocol.IsHttp11(httpContext.Request.Protocol))
            response.Headers.Connection = "close";
        return Http.MediaType.WantsPage(httpContext.Request)
            ? WritePageAsync(httpContext)
            : JsonBody.WriteAsync(httpContext, ProblemDocument.Of(this, httpContext.Request.PathBase, $"{httpContext.Request.PathBase.Value}{httpContext.Request.Path.Value}"), MediaType);
    }

    /// <summary>The same problem for a person, with the status that the answer has already.</summary>
    internal async Task WritePageAsync(HttpContext context)
    {
        var pages = context.RequestServices.GetRequiredService<PageAnswers>();
        await (await pages.OnceAsync<ErrorPage>(this, context.Response.StatusCode)).ExecuteAsync(context);
    }
}

/// <summary>RFC 9457 problem details.</summary>
/// <param name="Type">Stable address of the kind of error, relative to this server.</param>
/// <param name="Title">The same words for every error of this kind.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time, and how to mend it.</param>
/// <param name="Instance">The path that was asked for.</param>
/// <param name="Errors">For bad input: messages for each field or parameter.</param>
/// <param name="Suggestions">For an unknown service: what comes near.</param>
public sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Instance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Suggestion>? Suggestions)
{
    /// <param name="problem">What went wrong.</param>
    /// <param name="root">What addresses within the site begin with.</param>
    /// <param name="instance">The path that was asked for; null in a receipt of a batch.</param>
    internal static ProblemDocument Of(ProblemAnswer problem, PathString root, string? instance) => new(
        problem.Type.Below(root).Type, problem.Type.Title, problem.Type.Status, problem.Detail, instance, problem.Errors?.ByField(),
        problem.Suggestions.Count == 0 ? null : [.. problem.Suggestions.Select(s => new Suggestion(s.Slug.ToString(), s.Name))]);
}

/// <summary>A service that may have been meant.</summary>
public readonly record struct Suggestion(string Slug, string Name);

/// <summary>What is wrong with a request, field by field, and how to mend it: at most <see cref="MaxFields"/> of them.</summary>
public sealed class FieldErrors
{
    public const int MaxFields = 12;
    private readonly List<(string Field, string Message)> _items = [];

    public bool Any => _items.Count > 0;
    internal (string Field, string Message) First => _items[0];
    public bool Has(string field) => _items.Exists(e => e.Field == field);

    public void Add(string field, string message)
    {
        if (_items.Count < MaxFields)
            _items.Add((field, message));
    }

    /// <summary>The messages of each field, in the order in which the fields were found.</summary>
    public Dictionary<string, string[]> ByField() => _items.GroupBy(e => e.Field, e => e.Message, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    public static FieldErrors Of(string field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(field, message);
        return errors;
    }
}
