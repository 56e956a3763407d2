using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace OutageAggregator.Web.Features.Metrics;

/// <summary>
/// <c>GET /metrics</c>: how the server is doing, as Prometheus reads it. Anybody may read it, as all that is counted here is public or says
/// nothing about people: sums over all services, and the state of the process. A look never asks the store.
/// </summary>
internal static class MetricsEndpoint
{
    /// <summary>The most values of one instrument. Labels here are a handful; this is for the day somebody forgets.</summary>
    internal const int MostSeries = 256;

    // Enough for every route, method and status.
    private const int MostRequestSeries = 2_000;

    // Garbage collection, memory, processor time and thread pool of the process.
    private const string RuntimeMeter = "System.Runtime";

    // The runtime calls these counters, but they fall as well as rise: they are gauges of ours.
    private const string Threads = "dotnet.thread_pool.thread.count";
    private const string QueueLength = "dotnet.thread_pool.queue.length";
    private static readonly double[] s_seconds = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    internal static void AddMetricsPage(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(OutageMeter.Name, OutageMeter.Name + ".*", RuntimeMeter)
            .AddPrometheusExporter(
                o => (o.ScopeInfoEnabled, o.TargetInfoEnabled, o.ScrapeResponseCacheDurationMilliseconds) = (false, false, 0)));
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            var meters = provider.GetRequiredService<IMeterFactory>();
            _ = metrics.AddView(instrument => ViewOf(instrument, meters));
        });
    }

    internal static void MapMetrics(this IEndpointRouteBuilder app)
    {
        // For the page of metrics, which is printed without a server that started.
        _ = app.ServiceProvider.GetRequiredService<RequestTimes>();
        var meter = app.ServiceProvider.GetRequiredService<IMeterFactory>().OfOutages()!;
        _ = meter.CreateObservableGauge(Threads, () => ThreadPool.ThreadCount, "{thread}", "Threads of the thread pool.");
        _ = meter.CreateObservableGauge(
            QueueLength, () => ThreadPool.PendingWorkItemCount, "{work_item}", "Work that waits for a thread of the thread pool.");
        var scrape = app.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        _ = app.MapMethods("/metrics", ReadRoutes.Methods, (HttpContext context) => AnswerAsync(context, scrape))
            .Describe(
                "getMetrics", Tags.Operating, "How is the server doing?",
                "Counters and gauges for operators, in the text format 0.0.4 of Prometheus: reports by their answer, what waits, what is "
                + "ready, the state of Redis and of the process. Sums over all services: nothing here names a service, a person or a "
                + "machine.")
            .Answers(200, "All of them.", typeof(string), "text/plain")
            .Refuses(ProblemTypes.TooManyRequests);
    }

    // The exporter writes "name{} 1" where there are no labels, and operators' scripts have always read "name 1".
    private static async Task AnswerAsync(HttpContext context, RequestDelegate scrape)
    {
        var response = context.Response;
        var body = response.Body;
        using var written = new MemoryStream();
        response.Body = written;
        await scrape(context);
        response.Body = body;
        var text = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length).Replace("{} ", " ", StringComparison.Ordinal));
        response.ContentLength = text.Length;
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
            await body.WriteAsync(text, context.RequestAborted);
    }

    // Several servers may live in one process, as they do in tests: each has a factory of its own.
    private static MetricStreamConfiguration? ViewOf(Instrument instrument, IMeterFactory meters) => instrument.Meter.Name switch
    {
        RuntimeMeter => instrument.Name is Threads or QueueLength ? MetricStreamConfiguration.Drop : null,
        var name when !name.StartsWith(OutageMeter.Name, StringComparison.Ordinal) => null,
        _ when !ReferenceEquals(instrument.Meter.Scope, meters) => MetricStreamConfiguration.Drop,
        _ when instrument is Histogram<double> => Histogram(instrument.Name == RequestTimes.Name ? MostRequestSeries : MostSeries),
        _ => new MetricStreamConfiguration { CardinalityLimit = MostSeries },
    };

    private static ExplicitBucketHistogramConfiguration Histogram(int mostSeries) => new() { Boundaries = s_seconds, CardinalityLimit = mostSeries };
}
