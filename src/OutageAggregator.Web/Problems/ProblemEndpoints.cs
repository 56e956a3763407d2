using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OutageAggregator.Web.Http;

namespace OutageAggregator.Web.Problems;

/// <summary><c>GET /problems</c> lists the problem types; <c>GET /problems/{code}</c> explains one, as JSON or as a page.</summary>
public static class ProblemEndpoints
{
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
        app.MapGet("/problems", WriteAllAsync);
        app.MapGet("/problems/{code}", WriteOneAsync);
    }

    private static Task WriteAllAsync(HttpContext context) => JsonBody.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var type in ProblemTypes.All)
            Write(json, type);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Task WriteOneAsync(HttpContext context)
    {
        var code = context.Request.RouteValues["code"] as string;
        var type = ProblemTypes.All.FirstOrDefault(t => t.Code == code);
        if (type is null)
            return new ProblemAnswer(ProblemTypes.NotFound, "No problem type has this code; /problems lists them all.").ExecuteAsync(context);
        return ProblemPage.IsWanted(context.Request)
            ? ProblemPage.WriteAsync(context, type)
            : JsonBody.WriteAsync(context, json => Write(json, type));
    }

    private static void Write(Utf8JsonWriter json, ProblemType type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type.Address);
        json.WriteString("code"u8, type.Code);
        json.WriteNumber("status"u8, type.Status);
        json.WriteString("title"u8, type.Title);
        json.WriteString("explanation"u8, type.Explanation);
        json.WriteEndObject();
    }
}
