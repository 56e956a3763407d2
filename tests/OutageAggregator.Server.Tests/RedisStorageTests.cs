using System.Net;
using OutageAggregator.Redis.Tests;

namespace OutageAggregator.Server.Tests;

/// <summary>The embedded server with its counts in Redis.</summary>
public sealed class RedisStorageTests
{
    [Fact]
    public async Task What_was_answered_is_there_after_a_kill_of_the_server()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow;
        int taken;
        await using (var server = await RunningServer.StartAsync(folder.Path, "--storage", "redis", "--redis", redis.Address))
        {
            Assert.Contains("data in Redis and", server.Program.Output);
            var posts = Enumerable.Range(0, 300).Select(i => server.ReportAsync(RunningServer.Person(i))).ToList();
            for (var i = 0; i < 150; i++)
                _ = await posts[i];
            await server.Program.KillAsync();
            taken = (await Task.WhenAll(posts)).Count(s => s == HttpStatusCode.Accepted);
        }

        await using var again = await RunningServer.StartAsync(folder.Path, "--storage", "redis", "--redis", redis.Address);
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
}
