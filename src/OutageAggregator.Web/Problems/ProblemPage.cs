namespace OutageAggregator.Web.Problems;

/// <summary>The same problem for a person: the Accept header of a browser that navigates names text/html.</summary>
internal static class ProblemPage
{
    internal static bool IsWanted(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    internal static Task WriteAsync(HttpContext context, ProblemAnswer answer) =>
        WriteAsync(context, answer.Type.Status, answer.Type.Title, answer.Detail, answer);

    /// <summary>The page at a type's own address: the page exists, so it is no error itself.</summary>
    internal static Task WriteAsync(HttpContext context, ProblemType type) =>
        WriteAsync(context, type.Status, type.Title, type.Explanation, null);

    private static async Task WriteAsync(HttpContext context, int status, string title, string detail, ProblemAnswer? answer)
    {
        var page = await context.RequestServices.GetRequiredService<PageAnswers>().OnceAsync<ErrorPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ErrorPage.Status)] = status,
                [nameof(ErrorPage.Title)] = title,
                [nameof(ErrorPage.Detail)] = detail,
                [nameof(ErrorPage.Errors)] = answer?.Errors?.ByField(),
                [nameof(ErrorPage.NearMatches)] = answer?.Suggestions,
            },
            context.Response.StatusCode);
        await page.ExecuteAsync(context);
    }
}
