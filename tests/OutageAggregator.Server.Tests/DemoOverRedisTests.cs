using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests;

/// <summary>A demo whose nodes meet in Redis.</summary>
[Collection("Keeps the pace of a crowd")]
public sealed class DemoOverRedisTests
{
    [Fact]
    public async Task A_second_node_follows_the_first_and_plays_on_once_that_is_lost()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        Dictionary<string, string> environment = new() { ["OUTAGE_Cluster__Secrets"] = Path.Combine(folder.Path, "secrets") };
        await using var first = await StartAsync(redis, Path.Combine(folder.Path, "first"), environment);
        await using var second = await StartAsync(redis, Path.Combine(folder.Path, "second"), environment);
        Assert.Contains("another node has made up", second.Program.Output);
        _ = await second.Program.LineAsync(l => l.Contains("A demo: its clock shows", StringComparison.Ordinal));

        await first.Program.KillAsync();
        _ = await second.Program.LineAsync(l => l.Contains("A demo: this node plays it from here on.", StringComparison.Ordinal));
        await second.UntilAsync(async () => (await second.IncidentsAsync("chatgpt")).Count > 0);
        Assert.Equal("chatgpt-1", Assert.Single(await second.IncidentsAsync("chatgpt")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_demo_leaves_alone_what_no_demo_wrote()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        _ = await redis.SayAsync("SET oa-demo:{chatgpt}:regions somebodys");

        var (code, _, errors) = await ProgramProcess.RunAsync("Server", ["--demo", "--redis", redis.Address, "--data", folder.Path, "--urls", "http://127.0.0.1:0"]);

        Assert.Equal(2, code);
        Assert.Contains("Redis holds keys that begin with 'oa-demo:' and that no demo wrote. Allowed for --demo: another Redis:Prefix.", errors);
        Assert.StartsWith("$9\r\nsomebodys\r\n", await redis.TellAsync("GET oa-demo:{chatgpt}:regions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Real_reports_are_not_taken_where_a_demo_has_made_up_its_own()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        _ = await redis.SayAsync("SET oa:{.agreed}:reports made-up");
        await using var server = ProgramProcess.Start("Server", ["--redis", redis.Address, "--data", folder.Path, "--urls", "http://127.0.0.1:0"]);

        _ = await server.LineAsync(l => l.Contains("the reports in this Redis are made-up, and its own are not", StringComparison.Ordinal));
    }

    private static Task<RunningServer> StartAsync(RedisServer redis, string data, Dictionary<string, string> environment) =>
        RunningServer.StartAsync(environment, "--demo", "--redis", redis.Address, "--data", data, "--urls", "http://127.0.0.1:0");
}
