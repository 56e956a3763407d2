using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Web.Keys;
using static OutageAggregator.Contracts.Story;

namespace OutageAggregator.Web.Tests.Features.Metrics;

/// <summary>What operators are told at <c>/metrics</c>, read as their programs read it.</summary>
public sealed class MetricsTests
{
    private const string Reports = "/api/v1/reports";

    [Fact]
    public async Task It_is_the_text_format_that_Prometheus_asks_for()
    {
        await using var world = await ApiWorld.StartAsync();
        using var response = await world.App.Client.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var scrape = Scrape.Parse(await response.Content.ReadAsStringAsync());
        Assert.All(scrape.Families, f => Assert.Equal(f.Type == "counter", f.Name.EndsWith("_total", StringComparison.Ordinal)));
        using var head = await world.SendAsync(HttpMethod.Head, "/metrics");
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.True(head.Content.Headers.ContentLength > 0);
    }

    [Fact]
    public async Task Reports_are_told_by_their_answer()
    {
        var keys = new KeySettings { Keys = [KeyEntry.Parse("partner ingest key:partner-secret-of-some-length", null)] };
        await using var world = await ApiWorld.StartAsync(configure: s => s.AddSingleton(keys));
        var client = world.App.Client;
        _ = await client.SendAsync(Answers.Post(Reports, """{"service":"chatgpt"}"""));
        _ = await client.SendAsync(Answers.Post(Reports, """{"service":"chatgpt"}"""));
        var hourAgo = world.Story.Now.Start.AddHours(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        _ = await client.SendAsync(Answers.Post(Reports, $$"""{"service":"claude","occurredAt":"{{hourAgo}}"}"""));
        var batch = string.Join('\n', Enumerable.Range(0, 7).Select(i => $$"""{"service":"chatgpt","reporter":"r{{i}}"}"""));
        _ = await client.SendAsync(Answers.Post($"{Reports}/batch", batch, "application/x-ndjson").With("Authorization", "Bearer partner-secret-of-some-length"));
        await world.App.Services.GetRequiredService<ReportIntake>().StopAsync(CancellationToken.None);
        _ = await client.SendAsync(Answers.Post(Reports, """{"service":"claude"}"""));

        var scrape = await Scrape.OfAsync(client);

        Assert.Equal(8, scrape["""outage_reports_total{outcome="counted"}"""]);
        Assert.Equal(1, scrape["""outage_reports_total{outcome="duplicate"}"""]);
        Assert.Equal(1, scrape["""outage_reports_total{outcome="late"}"""]);
        Assert.Equal(1, scrape["""outage_reports_total{outcome="refused"}"""]);
        Assert.Equal(0, scrape["""outage_reports_total{outcome="failed"}"""]);
        Assert.Equal(4, scrape["""outage_batches_total{result="answered"}"""]);
        Assert.True(scrape["outage_batch_time_seconds_total"] > 0);
        Assert.Equal(0, scrape["outage_intake_waiting"]);
        Assert.Equal(20_000, scrape["outage_intake_places"]);
    }

    [Fact]
    public async Task Times_are_told_as_histograms()
    {
        await using var world = await ApiWorld.StartAsync();
        var client = world.App.Client;
        _ = await client.SendAsync(Answers.Post(Reports, """{"service":"chatgpt"}"""));
        _ = await client.GetAsync("/no-such-page/with-a-name");

        var scrape = await Scrape.OfAsync(client);

        Assert.Equal(1, scrape["outage_batch_duration_seconds_count"]);
        Assert.Equal(1, scrape["""outage_batch_duration_seconds_bucket{le="+Inf"}"""]);
        Assert.Equal(scrape["outage_batch_time_seconds_total"], scrape["outage_batch_duration_seconds_sum"], tolerance: 1e-9);
        Assert.Contains(scrape.Series, s => s.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal)
            && s.Contains("\"/api/v1/reports\"", StringComparison.Ordinal) && s.Contains("\"202\"", StringComparison.Ordinal));
        Assert.DoesNotContain(scrape.Series, s => s.Contains("no-such-page", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_is_timed_with_the_status_that_it_got()
    {
        await using var world = await ApiWorld.StartAsync();
        var client = world.App.Client;
        _ = await client.GetAsync("/no-such-page");
        _ = await client.SendAsync(Answers.Post(Reports, "{"));
        await world.App.Services.GetRequiredService<ReportIntake>().StopAsync(CancellationToken.None);
        _ = await client.SendAsync(Answers.Post(Reports, """{"service":"chatgpt"}"""));

        var counts = (await Scrape.OfAsync(client)).Series.Where(s => s.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal));

        Assert.Equal(
            [
                """http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="404"}""",
                """http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="400",http_route="/api/v1/reports"}""",
                """http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_code="503",http_route="/api/v1/reports"}""",
            ],
            counts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_missing_shows()
    {
        await using var world = await ApiWorld.StartAsync();
        var client = world.App.Client;
        Assert.Equal(1, (await Scrape.OfAsync(client))["""outage_ready{part="store"}"""]);
        await world.StopWatchingAsync();
        world.App.Services.GetRequiredService<Readiness>().Missing(ReadyPart.Store, "the disk is full");

        var scrape = await Scrape.OfAsync(client);

        Assert.Equal(0, scrape["""outage_ready{part="store"}"""]);
        Assert.Equal(1, scrape["""outage_ready{part="watches"}"""]);
        Assert.Equal(0, scrape["outage_accepting"]);
    }

    [Fact]
    public async Task Open_incidents_are_counted_without_anybody_looking_at_a_page()
    {
        await using var world = await ApiWorld.StartAsync();
        await world.Story.OpenAsync(Incident(At(0, 6), regions: Italy));
        await world.Story.OpenAsync(Incident(At(0, 7), service: "claude", regions: Spain));

        // The feed follows the log at its own pace.
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while ((await Scrape.OfAsync(world.App.Client))["outage_incidents_open"] < 2)
            Assert.True(await look.WaitForNextTickAsync());
        Assert.Equal(2, (await Scrape.OfAsync(world.App.Client))["outage_incidents_open"]);
    }

    [Fact]
    public async Task The_process_tells_of_its_memory_its_processor_and_its_threads()
    {
        await using var world = await ApiWorld.StartAsync();
        var scrape = await Scrape.OfAsync(world.App.Client);

        Assert.True(scrape["dotnet_process_memory_working_set_bytes"] > 10_000_000);
        Assert.True(scrape["""dotnet_process_cpu_time_seconds_total{cpu_mode="user"}"""] > 0);
        Assert.True(scrape["dotnet_thread_pool_thread_count"] > 0);
        Assert.True(scrape["""dotnet_gc_collections_total{gc_heap_generation="gen0"}"""] >= 0);
    }

    [Fact]
    public async Task Whatever_an_instrument_says_the_text_stays_whole_and_bounded()
    {
        await using var world = await ApiWorld.StartAsync();
        var meter = world.App.Services.GetRequiredService<IMeterFactory>().Create(OutageMeter.Name + ".Test");
        meter.CreateObservableGauge("test.odd", () => new Measurement<double>(double.NaN, new KeyValuePair<string, object?>("a.b", "c\\d\"e\nf")), "By", "One\nline \\ two");
        meter.CreateObservableGauge("test.infinite_bytes", () => double.PositiveInfinity, "By");
        meter.CreateObservableGauge("test.many", () => Enumerable.Range(0, 1_000).Select(i => new Measurement<int>(i, new KeyValuePair<string, object?>("n", i))));
        meter.CreateObservableGauge("test.broken", int () => throw new InvalidOperationException("Gone."));
        using var other = new Meter(OutageMeter.Name);
        other.CreateObservableGauge("test.of_another_server", () => 1);

        var text = await world.App.Client.GetStringAsync("/metrics");

        var scrape = Scrape.Parse(text);
        Assert.True(double.IsNaN(scrape["""test_odd_bytes{a_b="c\\d\"e\nf"}"""]));
        Assert.Contains("# HELP test_odd_bytes One\\nline \\\\ two\n", text, StringComparison.Ordinal);
        Assert.Equal(double.PositiveInfinity, scrape["test_infinite_bytes"]);
        Assert.InRange(scrape.Series.Count(s => s.StartsWith("test_many{", StringComparison.Ordinal)), 64, 257);
        Assert.DoesNotContain("test_broken", text, StringComparison.Ordinal);
        Assert.DoesNotContain("another_server", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_names_no_service_and_no_file()
    {
        await using var world = await ApiWorld.StartAsync(onDisk: true);
        _ = await world.App.Client.SendAsync(Answers.Post(Reports, """{"service":"chatgpt","region":"IT"}"""));

        var text = await world.App.Client.GetStringAsync("/metrics");

        foreach (var secret in new[] { "chatgpt", "\"IT\"", Environment.MachineName, Path.GetTempPath() })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }
}
