using System.Net;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests;

/// <summary>A node over a Redis that goes away, with a spool.</summary>
[Collection("Keeps a pace")]
public sealed class SpoolOfAServerTests
{
    [Fact]
    public async Task While_Redis_hangs_every_report_is_taken_and_afterwards_everybody_is_counted_once()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow;
        await using var server = await StartAsync(folder, redis.Address);
        Assert.All(await ReportAsync(server, 0, 20), s => Assert.Equal(HttpStatusCode.Accepted, s));

        await redis.SignalAsync("STOP");
        Assert.All(await ReportAsync(server, 20, 200), s => Assert.Equal(HttpStatusCode.Accepted, s));
        // Everybody once more, and who was counted before.
        Assert.All(await ReportAsync(server, 0, 220), s => Assert.Equal(HttpStatusCode.Accepted, s));
        await AssertMetricAsync(server, "outage_redis_breaker_open 1");
        await AssertMetricAsync(server, "outage_spool_waiting_reports 420");
        await AssertMetricAsync(server, "outage_ready{part=\"store\"} 0");
        using (var form = new FormUrlEncodedContent([new("service", "claude")]))
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = form })
        {
            // As a browser does, which follows to the page that answers: of a service that nobody has looked at.
            request.Headers.Accept.ParseAdd("text/html");
            using var thanks = await server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, thanks.StatusCode);
            Assert.Contains("It is counted as soon as our database can be reached.", WebUtility.HtmlDecode(await thanks.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        }
        // A balancer goes on sending: what is reported here is kept here.
        await AssertMetricAsync(server, "outage_accepting 1");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/readyz")).StatusCode);
        await redis.SignalAsync("CONT");
        await UntilMetricAsync(server, "outage_spool_waiting_reports 0");

        Assert.Equal(220, await server.CountAsync("chatgpt", before, before.AddHours(2)));
        await UntilMetricAsync(server, "outage_redis_breaker_open 0");
        _ = await server.Program.LineAsync(l => l.Contains("did not answer within 2000 ms. Reports wait in the spool until it is back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_is_counted_after_a_kill_of_the_server_and_a_restart_of_both()
    {
        var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow;
        JsonElement receipt;
        await using (var server = await StartAsync(folder, redis.Address))
        {
            Assert.All(await ReportAsync(server, 0, 10), s => Assert.Equal(HttpStatusCode.Accepted, s));
            await redis.DisposeAsync();
            Assert.All(await ReportAsync(server, 10, 50), s => Assert.Equal(HttpStatusCode.Accepted, s));
            receipt = await PostAsync(server, 1_000);
            Assert.True(receipt.GetProperty("provisional").GetBoolean());
            Assert.True(receipt.GetProperty("counted").GetBoolean());
            await server.Program.KillAsync();
        }

        // The new Redis is empty: what the first one had counted is not ours to bring back, what we accepted since is.
        await using var again = await RedisServer.StartAsync(redis.Port);
        await using var restarted = await StartAsync(folder, again.Address);
        await UntilMetricAsync(restarted, "outage_spool_waiting_reports 0");
        Assert.Equal(51, await restarted.CountAsync("chatgpt", before, before.AddHours(2)));
        using var withdrawal = await restarted.Client.DeleteAsync(receipt.GetProperty("withdraw").GetString());
        Assert.Equal(HttpStatusCode.NoContent, withdrawal.StatusCode);
        // Charts are kept for a second.
        await restarted.UntilAsync(async () => await restarted.CountAsync("chatgpt", before, before.AddHours(2)) == 50);
    }

    [Fact]
    public async Task A_full_spool_is_a_503_that_says_when_to_come_again()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, redis.Address, """{ "Spool": { "Enabled": true, "MaxReports": 5 } }""");
        Assert.Equal(HttpStatusCode.Accepted, await server.ReportAsync(RunningServer.Person(0)));

        await redis.SignalAsync("STOP");
        for (var i = 1; i <= 5; i++)
            Assert.Equal(HttpStatusCode.Accepted, await server.ReportAsync(RunningServer.Person(i)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = new StringContent("""{"service":"chatgpt"}""", null, "application/json") };
        using var refused = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/readyz")).StatusCode);
        await redis.SignalAsync("CONT");
        await server.UntilAsync(async () => await server.ReportAsync(RunningServer.Person(6)) == HttpStatusCode.Accepted);
        _ = await server.Program.LineAsync(l => l.Contains("The spool is full with 5 reports", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_spool_before_a_store_on_the_same_machine_is_refused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("settings.json", """{ "Spool": { "Enabled": true } }""");

        var (code, _, errors) = await ProgramProcess.RunAsync("Server", ["--urls", "http://127.0.0.1:0", "--data", folder.Path, "--settings", file]);

        Assert.Equal(2, code);
        Assert.Equal("Spool:Enabled is true and Storage:Kind is 'sqlite', which lies on this machine as the spool does. Allowed with a spool: redis.", errors.Trim());
    }

    [Fact]
    public async Task A_server_that_would_leave_reports_in_a_spool_is_refused_until_they_are_handed_on()
    {
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow;
        var redis = await RedisServer.StartAsync();
        await using (var server = await StartAsync(folder, redis.Address))
        {
            await redis.DisposeAsync();
            Assert.All(await ReportAsync(server, 0, 3), s => Assert.Equal(HttpStatusCode.Accepted, s));
            await server.Program.TerminateAsync();
        }

        var (code, _, errors) = await ProgramProcess.RunAsync("Server", ["--urls", "http://127.0.0.1:0", "--data", folder.Path]);

        Assert.Equal(2, code);
        Assert.Equal(
            $"Storage:Kind is 'sqlite', but {Path.Combine(folder.Path, "store", "spool.db")} holds 3 accepted reports that wait for Redis. Allowed: redis, until outage_spool_waiting_reports is 0; another data folder (--data); or that file moved away, which gives them up.",
            errors.Trim());
        await using var again = await RedisServer.StartAsync(redis.Port);
        await using (var server = await StartAsync(folder, again.Address, "{}"))
        {
            await UntilMetricAsync(server, "outage_spool_waiting_reports 0");
            Assert.Equal(3, await server.CountAsync("chatgpt", before, before.AddHours(2)));
            await server.Program.TerminateAsync();
        }
        // An empty one is in nobody's way.
        await using var local = await RunningServer.StartAsync(folder.Path);
        Assert.Equal(HttpStatusCode.Accepted, await local.ReportAsync(RunningServer.Person(9)));
    }

    private static Task<RunningServer> StartAsync(
        TemporaryFolder folder, string redis, string settings = """{ "Spool": { "Enabled": true } }""") =>
        RunningServer.StartOverRedisAsync(folder.Path, redis, "--settings", folder.File("settings.json", settings));

    private static Task<HttpStatusCode?[]> ReportAsync(RunningServer server, int first, int people) =>
        Task.WhenAll(Enumerable.Range(first, people).Select(i => server.ReportAsync(RunningServer.Person(i))));

    private static async Task<JsonElement> PostAsync(RunningServer server, int person)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = new StringContent("""{"service":"chatgpt"}""", null, "application/json") };
        request.Headers.Add("X-Forwarded-For", RunningServer.Person(person).ToString());
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task AssertMetricAsync(RunningServer server, string line) =>
        Assert.Contains(line, (await server.Client.GetStringAsync("/metrics")).Split('\n'));

    private static Task UntilMetricAsync(RunningServer server, string line) =>
        server.UntilAsync(async () => (await server.Client.GetStringAsync("/metrics")).Split('\n').Contains(line));
}
