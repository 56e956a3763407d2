using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Runtime;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Health;

/// <summary>
/// <c>GET /healthz</c>: 200 while the process answers at all. <c>GET /readyz</c>: 200 once reports are accepted, else 503 that names what
/// is missing. Neither looks at the store: who opens it and restores the watches says so, and a look that hangs would tell less.
/// </summary>
internal static class HealthEndpoints
{
    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        _ = app.MapRead("/healthz", (HttpContext context) => WriteAsync(context, "alive"));
        _ = app.MapRead("/readyz", (HttpContext context, Readiness readiness) =>
        {
            var missing = readiness.WhatIsMissing();
            return missing.IsEmpty
                ? WriteAsync(context, "ready")
                : new ProblemAnswer(ProblemTypes.NotReady, $"Reports are not accepted: {string.Join("; ", missing)}.") { RetryAfterSeconds = 1 }
                    .ExecuteAsync(context);
        });
    }

    private static Task WriteAsync(HttpContext context, string status)
    {
        context.Response.Headers.CacheControl = "no-store";
        return JsonBody.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, status);
            json.WriteEndObject();
        });
    }
}
