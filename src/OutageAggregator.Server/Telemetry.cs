using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OutageAggregator.Server;

/// <summary>Sends the metrics to a collector, and adds those of Orleans, where the settings say so.</summary>
internal static class Telemetry
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, MetricsSettings settings)
    {
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("outage-aggregator").AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                if (settings.Orleans)
                    _ = metrics.AddMeter(ClusterRegistration.OrleansMeter);
                if (settings.Otlp is { } address)
                    _ = metrics.AddOtlpExporter(o => o.Endpoint = new Uri(address));
            });
        return services;
    }
}
