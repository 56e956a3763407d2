using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OutageAggregator.Runtime;
using OutageAggregator.Web.Answers;
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
        _ = app.MapRead("/healthz", (HttpContext context) => WriteAsync(context, new HealthAnswer("alive")))
            .Describe("getHealth", Tags.Operating, "Does the process live?")
            .Answers(200, "It does.", typeof(HealthAnswer));
        _ = app.MapRead("/readyz", (HttpContext context, Readiness readiness) =>
        {
            var missing = readiness.WhatIsMissing();
            return missing.IsEmpty
                ? WriteAsync(context, new HealthAnswer("ready"))
                : new ProblemAnswer(ProblemTypes.NotReady, $"Reports are not accepted: {string.Join("; ", missing)}.") { RetryAfterSeconds = 1 }
                    .ExecuteAsync(context);
        })
            .Describe("getReadiness", Tags.Operating, "Are reports accepted?", "While they aren't, `detail` names what is missing.")
            .Answers(200, "They are.", typeof(HealthAnswer))
            .Refuses(ProblemTypes.NotReady);
    }

    private static Task WriteAsync(HttpContext context, HealthAnswer answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        return JsonBody.WriteAsync(context, answer, HealthJson.Written.HealthAnswer);
    }
}

/// <summary>How the server is.</summary>
public sealed record HealthAnswer([property: AllowedValues("alive", "ready")] string Status);

[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    internal static HealthJson Written { get; } = new(AnswerJson.Options());
}
