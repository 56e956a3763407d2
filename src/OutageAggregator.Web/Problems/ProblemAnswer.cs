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
public sealed class ProblemAnswer(ProblemType type, string detail) : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    /// <summary>The media type of RFC 9457.</summary>
    public const string MediaType = "application/problem+json";

    public ProblemType Type => type;
    public string Detail => detail;

    /// <summary>For bad input: what is wrong, field by field.</summary>
    public FieldErrors? Errors { get; init; }

    /// <summary>For an unknown service: what comes near.</summary>
    public IReadOnlyList<Service> Suggestions { get; init; } = [];

    /// <summary>Seconds for the Retry-After header; 0 for none.</summary>
    public int RetryAfterSeconds { get; init; }
    public int? StatusCode => type.Status;
    public string ContentType => MediaType;

    /// <summary>Bad input with its fields; the detail repeats the first message for readers that look no further.</summary>
    public static ProblemAnswer InvalidInput(FieldErrors errors)
    {
        var (field, message) = errors.Items[0];
        return new ProblemAnswer(ProblemTypes.InvalidInput, $"{field}: {message}") { Errors = errors };
    }

    /// <summary>One bad field or parameter.</summary>
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
        return ProblemPage.IsWanted(httpContext.Request)
            ? ProblemPage.WriteAsync(httpContext, this)
            : JsonBody.WriteAsync(httpContext, ProblemDocument.Of(this, httpContext.Request.Path.Value), MediaType);
    }
}
