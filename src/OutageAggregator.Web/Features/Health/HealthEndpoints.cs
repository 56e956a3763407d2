namespace OutageAggregator.Web.Features.Health;

/// <summary>
/// <c>GET /healthz</c>: 200 while the process answers at all. <c>GET /readyz</c>: 200 once reports are accepted, else 503 that names what
/// is missing. What is wrong though reports are accepted is told with the 200: they may be counted wrongly. Neither looks at the store: who opens it and restores the watches says so, and a look that hangs would tell less.
/// </summary>
internal static class HealthEndpoints
{
    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        _ = app.MapMethods("/healthz", ReadRoutes.Methods, (HttpContext context) => WriteAsync(context, new HealthAnswer("alive")))
            .Describe("getHealth", Tags.Operating, "Does the process live?")
            .Answers(200, "It does.", typeof(HealthAnswer));
        _ = app.MapMethods("/readyz", ReadRoutes.Methods, (HttpContext context, Readiness readiness, ProxySigns signs) =>
        {
            var missing = readiness.WhatIsMissing();
            if (missing.IsEmpty)
                return WriteAsync(context, new HealthAnswer("ready", signs.Warnings() is { IsEmpty: false } warnings ? warnings : null));
            var detail = $"Reports are not accepted: {string.Join("; ", missing)}.";
            return new ProblemAnswer(ProblemTypes.NotReady, detail) { RetryAfterSeconds = 1 }.ExecuteAsync(context);
        })
            .Describe("getReadiness", Tags.Operating, "Are reports accepted?",
                "While they aren't, `detail` names what is missing. `warnings` is for who runs the server.")
            .Answers(200, "They are.", typeof(HealthAnswer))
            .Refuses(ProblemTypes.NotReady);
    }

    private static Task WriteAsync(HttpContext context, HealthAnswer answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        return JsonBody.WriteAsync(context, answer);
    }
}

/// <summary>How the server is.</summary>
/// <param name="Warnings">What its operator should look at, though reports are accepted; left out where there is nothing.</param>
public sealed record HealthAnswer(
    [property: AllowedValues("alive", "ready")] string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings = null);
