using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Metrics;

/// <summary>
/// <c>GET /metrics</c>: how the server is doing, in the text format 0.0.4 of Prometheus. Anybody may read it, as all that is counted here is
/// public or says nothing about people: sums over all services, and the state of the process. A look never asks the store.
/// </summary>
internal static class MetricsEndpoint
{
    internal static void AddMetricsPage(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<Measurements>();
    }

    internal static void MapMetrics(this IEndpointRouteBuilder app)
    {
        // From now on, so that no instrument is made before somebody listens; most tell their numbers when they are asked anyway.
        var measurements = app.ServiceProvider.GetRequiredService<Measurements>();
        _ = app.MapRead("/metrics", (HttpContext context) =>
        {
            var body = Exposition.Write(measurements.Read());
            var response = context.Response;
            response.ContentType = Exposition.MediaType;
            response.ContentLength = body.Length;
            response.Headers.CacheControl = "no-store";
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
        })
            .Describe(
                "getMetrics",
                Tags.Operating,
                "How is the server doing?",
                "Counters and gauges for operators, in the text format 0.0.4 of Prometheus: reports by their answer, what waits, what is ready, the "
                + "state of Redis and of the process. Sums over all services: nothing here names a service, a person or a machine.")
            .Answers(200, "All of them.", typeof(string), "text/plain")
            .Refuses(ProblemTypes.TooManyRequests);
    }
}
