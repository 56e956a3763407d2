using System.Net;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests;

/// <summary>A node that is alone over a Redis.</summary>
[Collection("Keeps a pace")]
public sealed class RedisStorageTests
{
    [Fact]
    public async Task What_was_answered_is_there_after_a_kill_of_the_server()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow;
        int taken;
        await using (var server = await StartAsync(folder, redis))
        {
            Assert.Contains("data in Redis and", server.Program.Output);
            var posts = Enumerable.Range(0, 300).Select(i => server.ReportAsync(RunningServer.Person(i))).ToList();
            for (var i = 0; i < 150; i++)
                _ = await posts[i];
            await server.Program.KillAsync();
            taken = (await Task.WhenAll(posts)).Count(s => s == HttpStatusCode.Accepted);
        }

        await using var again = await StartAsync(folder, redis);
        // One more may have been counted whose answer the kill cut off.
        Assert.InRange(await again.CountAsync("chatgpt", before, before.AddHours(2)), taken, 300);
        Assert.Equal(HttpStatusCode.OK, await again.ReportAsync(RunningServer.Person(0)));
    }

    [Fact]
    public async Task A_server_starts_without_Redis_says_so_once_and_is_ready_when_it_comes()
    {
        int port;
        await using (var first = await RedisServer.StartAsync())
            port = first.Port;
        using var folder = new TemporaryFolder();
        await using var server = ProgramProcess.Start("Server", ["--urls", "http://127.0.0.1:0", "--data", folder.Path, "--storage", "redis", "--redis", $"127.0.0.1:{port}"]);
        var greeting = await server.LineAsync(l => l.StartsWith("OutageAggregator is at ", StringComparison.Ordinal));
        using var client = new HttpClient { BaseAddress = new Uri(greeting["OutageAggregator is at ".Length..].Split(',')[0]) };
        _ = await server.LineAsync(l => l.Contains($"Redis at 127.0.0.1:{port} can't be reached. Reports are answered 503", StringComparison.Ordinal));

        using (var answer = await client.GetAsync("/readyz"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("can't be reached", await answer.Content.ReadAsStringAsync());
        }

        await using var redis = await RedisServer.StartAsync(port);
        _ = await server.LineAsync(l => l.Contains("Redis answers again", StringComparison.Ordinal));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await client.GetAsync("/readyz")).IsSuccessStatusCode)
            _ = await look.WaitForNextTickAsync();
        Assert.Single(server.Output.Split('\n'), l => l.Contains("Reports are answered 503", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_Redis_hangs_reports_are_answered_503_and_afterwards_everybody_is_counted_once()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow;
        await using var server = await StartAsync(folder, redis);
        Assert.All(await ReportAsync(server, 0, 20), s => Assert.Equal(HttpStatusCode.Accepted, s));

        await redis.SignalAsync("STOP");
        Assert.All(await ReportAsync(server, 20, 50), s => Assert.Equal(HttpStatusCode.ServiceUnavailable, s));
        using (var ready = await server.Client.GetAsync("/readyz"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        await redis.SignalAsync("CONT");
        await server.UntilAsync(async () => (await server.Client.GetAsync("/readyz")).IsSuccessStatusCode);

        // What Redis took while nobody could be told is not lost, and not counted again.
        Assert.All(await ReportAsync(server, 20, 50), s => Assert.True(s is HttpStatusCode.Accepted or HttpStatusCode.OK));
        Assert.Equal(70, await server.CountAsync("chatgpt", before, before.AddHours(2)));
        _ = await server.Program.LineAsync(l => l.Contains("did not answer within 2000 ms. Reports are answered 503", StringComparison.Ordinal));
    }

    private static Task<RunningServer> StartAsync(TemporaryFolder folder, RedisServer redis) => RunningServer.StartOverRedisAsync(folder.Path, redis.Address);

    private static Task<HttpStatusCode?[]> ReportAsync(RunningServer server, int first, int people) =>
        Task.WhenAll(Enumerable.Range(first, people).Select(i => server.ReportAsync(RunningServer.Person(i))));
}
