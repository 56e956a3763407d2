using System.Net;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests;

/// <summary>What readers see while Redis can't be read: what was known, and from when; never as if it were of now.</summary>
[Collection("Keeps a pace")]
public sealed class StaleReadingTests
{
    private const string Notice = "The data can't be read just now";

    [Fact]
    public async Task What_was_shown_before_is_shown_again_with_its_time_and_all_else_is_a_clear_503()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartOverRedisAsync(folder.Path, redis.Address);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Accepted, await server.ReportAsync(RunningServer.Person(i)));
        // Answers are kept for a second: until what was reported shows.
        await server.UntilAsync(async () => (await server.GetAsync("/api/v1/services/chatgpt")).GetProperty("reports15m").GetInt32() == 3);
        string[] pages = ["/", "/services/chatgpt", "/archive"];
        foreach (var page in pages)
            Assert.DoesNotContain(Notice, await PageAsync(server, page, HttpStatusCode.OK), StringComparison.Ordinal);
        _ = await server.GetAsync("/api/v1/services?limit=5");

        await redis.SignalAsync("STOP");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.ReportAsync(RunningServer.Person(4)));
        foreach (var page in pages)
            await server.UntilAsync(async () => (await PageAsync(server, page, HttpStatusCode.OK)).Contains(Notice, StringComparison.Ordinal));
        var known = await server.GetAsync("/api/v1/services/chatgpt");
        Assert.Equal(3, known.GetProperty("reports15m").GetInt32());
        Assert.True(known.GetProperty("freshness").GetProperty("observedAt").GetDateTimeOffset() < DateTimeOffset.UtcNow);
        _ = await server.GetAsync("/api/v1/services?limit=5");
        // Never shown before: a page that says so, and a problem that says when to come again.
        Assert.Contains("Reports can't be stored or read just now", await PageAsync(server, "/services/claude", HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        using (var incidents = await server.Client.GetAsync("/api/v1/incidents"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, incidents.StatusCode);
            Assert.NotNull(incidents.Headers.RetryAfter);
        }

        await redis.SignalAsync("CONT");
        foreach (var page in pages)
            await server.UntilAsync(async () => !(await PageAsync(server, page, HttpStatusCode.OK)).Contains(Notice, StringComparison.Ordinal));
        _ = await PageAsync(server, "/services/claude", HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_incident_that_was_shown_stays_citable_and_is_not_said_to_go_on_once_nobody_can_know()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        // On this clock data is stale after ten real seconds.
        await using var server = await RunningServer.StartOverRedisAsync(folder.Path, redis.Address, "--clock", "2024-05-01T12:00:00Z@60");
        var people = 0;
        await server.UntilAsync(async () =>
        {
            _ = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.ReportAsync(RunningServer.Person(people++))));
            return (await server.IncidentsAsync("chatgpt")).Count > 0;
        });
        var id = (await server.IncidentsAsync("chatgpt"))[0].GetProperty("id").GetString();
        string[] pages = [$"/incidents/{id}", "/services/chatgpt", "/", "/archive"];
        string[] answers = [$"/api/v1/incidents/{id}", "/api/v1/services/chatgpt/series?step=5m"];
        foreach (var page in pages)
            await server.UntilAsync(async () => !(await PageAsync(server, page, HttpStatusCode.OK)).Contains("No fresh data", StringComparison.Ordinal));
        foreach (var answer in answers)
            _ = await server.GetAsync(answer);

        await redis.SignalAsync("STOP");
        foreach (var page in pages)
        {
            var stale = "";
            await server.UntilAsync(async () => (stale = await PageAsync(server, page, HttpStatusCode.OK)).Contains("No fresh data since", StringComparison.Ordinal));
            Assert.Contains(Notice, stale, StringComparison.Ordinal);
            foreach (var claim in new[] { "status-outage", "status-normal", "In trouble now", "just you", "oing on" })
                Assert.DoesNotContain(claim, stale, StringComparison.Ordinal);
        }
        // What an answer knows may be of a little later than what the pages know.
        foreach (var answer in answers)
            await server.UntilAsync(async () => (await server.GetAsync(answer)).GetProperty("freshness").GetProperty("state").GetString() == "stale");
        _ = await PageAsync(server, "/incidents/chatgpt-99", HttpStatusCode.ServiceUnavailable);

        await redis.SignalAsync("CONT");
        foreach (var page in pages)
            await server.UntilAsync(async () => !(await PageAsync(server, page, HttpStatusCode.OK)).Contains(Notice, StringComparison.Ordinal));
        _ = await PageAsync(server, "/incidents/chatgpt-99", HttpStatusCode.NotFound);
    }

    private static async Task<string> PageAsync(RunningServer server, string address, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await server.Client.SendAsync(request);
        var page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.True(response.StatusCode == status, $"{address}: {response.StatusCode}\n{page}\n{server.Program.Output}");
        return page;
    }
}
