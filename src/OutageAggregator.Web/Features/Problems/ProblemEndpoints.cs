namespace OutageAggregator.Web.Features.Problems;

/// <summary><c>GET /problems</c> lists the problem types; <c>GET /problems/{code}</c> explains one, as JSON or as a page.</summary>
public static class ProblemEndpoints
{
    private static readonly Parameter s_code = Parameter.InPath("code", description: null, example: "unknown-service");

    public static void AddProblems(this IServiceCollection services)
    {
        // So that the message that names the parameter reaches the problem details, not only the status.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        // The host's own diagnostics would log what the middleware has logged and answered, and make an Activity for each request
        // as long as any level of theirs is on.
        services.Configure<LoggerFilterOptions>(o => o.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
    }

    public static void MapProblems(this IEndpointRouteBuilder app)
    {
        app.MapGet("/problems", (HttpContext context) =>
            JsonBody.WriteAsync(context, new ProblemTypeList([.. ProblemTypes.All.Select(t => t.Below(context.Request.PathBase))])))
            .Describe("listProblems", Tags.Operating, "Every kind of error")
            .Answers(200, "By status.", typeof(ProblemTypeList))
            .Refuses(ProblemTypes.TooManyRequests);
        app.MapGet("/problems/{code}", WriteOneAsync)
            .Describe("getProblem", Tags.Operating, "What an error means and how to mend it")
            .Takes(s_code)
            .Answers(200, "The kind of error.", typeof(ProblemType))
            .Refuses(ProblemTypes.NotFound, ProblemTypes.TooManyRequests);
    }

    private static Task WriteOneAsync(HttpContext context, string code)
    {
        if (ProblemTypes.All.FirstOrDefault(t => t.Code == code) is not { } type)
            return new ProblemAnswer(ProblemTypes.NotFound, "No problem type has this code; /problems lists them all.")
                .ExecuteAsync(context);
        // The page exists, so it is no error itself.
        return MediaType.WantsPage(context.Request)
            ? new ProblemAnswer(type, type.Explanation).WritePageAsync(context)
            : JsonBody.WriteAsync(context, type.Below(context.Request.PathBase));
    }
}
