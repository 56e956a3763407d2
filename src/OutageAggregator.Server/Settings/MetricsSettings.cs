namespace OutageAggregator.Server.Settings;

/// <summary>What is measured besides what <c>/metrics</c> always shows, and who else is told.</summary>
public sealed class MetricsSettings
{
    [Description("Where a collector takes the metrics over OTLP: over gRPC, such as http://localhost:4317, or over HTTP with OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, such as http://localhost:4318/v1/metrics. Unless set, nothing is sent. How often, and with which headers, say OpenTelemetry's own variables OTEL_….")]
    [RegularExpression("https?://[^ ]+", ErrorMessage = "an http or https address")]
    public string? Otlp { get; set; }

    [Description("Adds what Orleans measures of itself, at /metrics and for the collector: some hundred series.")]
    public bool Orleans { get; set; }
}
