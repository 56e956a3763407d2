using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests.Metrics;

/// <summary>What a whole server tells Prometheus and collectors.</summary>
public sealed class MetricsOfAServerTests
{
    // As version 1 wrote them over Redis with a spool, and what its nodes of a cluster had besides.
    private const string Kept = """
        dotnet_assembly_count
        dotnet_gc_collections_total{gc_heap_generation="gen2"}
        dotnet_gc_collections_total{gc_heap_generation="gen1"}
        dotnet_gc_collections_total{gc_heap_generation="gen0"}
        dotnet_gc_heap_total_allocated_bytes_total
        dotnet_gc_last_collection_heap_fragmentation_size_bytes{gc_heap_generation="gen0"}
        dotnet_gc_last_collection_heap_fragmentation_size_bytes{gc_heap_generation="gen1"}
        dotnet_gc_last_collection_heap_fragmentation_size_bytes{gc_heap_generation="gen2"}
        dotnet_gc_last_collection_heap_fragmentation_size_bytes{gc_heap_generation="loh"}
        dotnet_gc_last_collection_heap_fragmentation_size_bytes{gc_heap_generation="poh"}
        dotnet_gc_last_collection_heap_size_bytes{gc_heap_generation="gen0"}
        dotnet_gc_last_collection_heap_size_bytes{gc_heap_generation="gen1"}
        dotnet_gc_last_collection_heap_size_bytes{gc_heap_generation="gen2"}
        dotnet_gc_last_collection_heap_size_bytes{gc_heap_generation="loh"}
        dotnet_gc_last_collection_heap_size_bytes{gc_heap_generation="poh"}
        dotnet_gc_last_collection_memory_committed_size_bytes
        dotnet_gc_pause_time_seconds_total
        dotnet_jit_compilation_time_seconds_total
        dotnet_jit_compiled_il_size_bytes_total
        dotnet_jit_compiled_methods_total
        dotnet_monitor_lock_contentions_total
        dotnet_process_cpu_count
        dotnet_process_cpu_time_seconds_total{cpu_mode="user"}
        dotnet_process_cpu_time_seconds_total{cpu_mode="system"}
        dotnet_process_memory_working_set_bytes
        dotnet_thread_pool_queue_length
        dotnet_thread_pool_thread_count
        dotnet_thread_pool_work_item_count_total
        dotnet_timer_count
        outage_accepting
        outage_batch_time_seconds_total
        outage_batches_total{result="answered"}
        outage_batches_total{result="failed"}
        outage_incidents_open
        outage_intake_places
        outage_intake_waiting
        outage_live_listeners
        outage_ready{part="store"}
        outage_ready{part="watches"}
        outage_ready{part="node"}
        outage_redis_breaker_open
        outage_redis_calls_total{result="answered"}
        outage_redis_calls_total{result="late"}
        outage_redis_calls_total{result="failed"}
        outage_redis_calls_total{result="spared"}
        outage_redis_waiting
        outage_reports_total{outcome="counted"}
        outage_reports_total{outcome="late"}
        outage_reports_total{outcome="duplicate"}
        outage_reports_total{outcome="spooled"}
        outage_reports_total{outcome="refused"}
        outage_reports_total{outcome="failed"}
        outage_spool_bytes
        outage_spool_aside_reports
        outage_spool_handed_on_reports_total
        outage_spool_set_aside_reports_total
        outage_spool_taken_reports_total
        outage_spool_taking
        outage_spool_waiting_batches
        outage_spool_waiting_reports
        outage_watch_age_seconds
        outage_grain_calls_total
        """;

    [Fact]
    public async Task Names_and_labels_that_dashboards_know_are_kept()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartOverRedisAsync(folder.Path, redis.Address, "--settings", folder.File("settings.json", """{ "Spool": { "Enabled": true } }"""));

        var text = await server.Client.GetStringAsync("/metrics");

        var series = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l[..l.LastIndexOf(' ')]).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(Kept.Split('\n').ToHashSet(StringComparer.Ordinal), series);
        var page = await File.ReadAllTextAsync(ProgramProcess.RepositoryFile("docs/metrics.md"));
        Assert.All(
            text.Split('\n').Where(l => l.StartsWith("# TYPE outage_", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]),
            name => Assert.True(page.Contains($"| `{name}", StringComparison.Ordinal), $"docs/metrics.md does not tell of {name}."));
    }

    [Fact]
    public async Task What_Orleans_measures_is_shown_where_the_settings_say_so()
    {
        await using var without = await StartAsync([]);
        await using var with = await StartAsync(new() { ["OUTAGE_Metrics__Orleans"] = "true" });

        Assert.DoesNotContain("\norleans_", await without.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Contains("\norleans_", await with.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_is_sent_the_metrics_over_OTLP_where_the_settings_name_it()
    {
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.MapPost("/v1/metrics", async (HttpContext context) =>
        {
            using var body = new StreamReader(context.Request.Body, System.Text.Encoding.Latin1);
            // The first of them may come before all parts of the server are there.
            if (await body.ReadToEndAsync() is var text && text.Contains("outage.intake.places", StringComparison.Ordinal))
                _ = received.TrySetResult(text);
        });
        collector.Urls.Add("http://127.0.0.1:0");
        await collector.StartAsync();

        await using var server = await StartAsync(new()
        {
            ["OUTAGE_Metrics__Otlp"] = collector.Urls.First() + "/v1/metrics",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = 200.ToString(CultureInfo.InvariantCulture),
        });

        var sent = await received.Task.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.True(sent.Contains("outage-aggregator", StringComparison.Ordinal), "It does not say who sends it.");
    }

    private static Task<RunningServer> StartAsync(Dictionary<string, string> environment) =>
        RunningServer.StartAsync(environment, "--urls", "http://127.0.0.1:0", "--storage", "memory");
}
