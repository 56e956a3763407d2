using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests.Trouble;

/// <summary>
/// Three nodes under 600 reports a second, over 20 services in 10 regions, while something is lost. How long that is felt is told here, and held to
/// bounds by <c>LoadDriver nodes</c>, which sends 2,000 and has the machine to itself.
/// </summary>
[Collection(NodesUnderLoad.Name)]
public sealed class LosingANodeTests(ITestOutputHelper output)
{
    private const int PerSecond = 600;
    private const int Seconds = 16;
    private const int Killed = 4;
    private const int Away = 3;

    private static readonly DateTimeOffset s_start = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);

    // A minute in ten seconds: incidents are opened as minutes end.
    private static readonly (string, string) s_clock = ("OUTAGE_Clock", "2024-11-08T12:00:00Z@6");

    private static readonly string[] s_services =
    [
        "chatgpt", "claude", "github", "netflix", "spotify", "discord", "slack", "zoom", "whatsapp", "instagram",
        "facebook", "youtube", "gmail", "reddit", "twitch", "steam", "paypal", "cloudflare", "notion", "dropbox",
    ];

    // Whoever tries again and again must not be told here that they report too often.
    private static readonly (string, string) s_patient = ("OUTAGE_Limits__ReportsPerMinute", "600");

    // A machine that five busy processes share may leave Redis none of it for a moment, and its disk takes its time for a log that is synced with every
    // batch. Neither is what is lost here; what is answered meanwhile is HungRedisTests'.
    private static readonly (string, string) s_waitsForRedis = ("OUTAGE_Redis__HungMilliseconds", "4000");

    private static readonly string[] s_regions = ["IT", "ES", "US", "DE", "FR", "GB", "BR", "IN", "JP", "CA"];

    [Fact]
    public async Task A_node_that_is_killed_and_comes_back_costs_no_report_and_opens_no_incident_twice()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 3, s_clock, s_patient, s_waitsForRedis);
        await using var end = new Together(nodes, output);
        using var crowd = new Crowd([.. nodes.Select(n => n.Address)], Pairs());

        await crowd.ReportAsync(PerSecond, Seconds, (Killed, nodes[2].Program.KillAsync), (9, nodes[2].StartAsync));

        var lasted = crowd.Now + crowd.Taken;
        Tell(crowd, [0, 1]);
        await EveryoneIsCountedOnceAsync(nodes[0], crowd);
        await EachServiceHasOneIncidentAsync(nodes[1]);
        foreach (var survivor in nodes.Take(2))
        {
            // Told in two lines a minute at most, and without the stacks of hundreds of calls.
            Assert.InRange(survivor.Program.Output.Split("Its node may be gone").Length - 1, 1, 2 + (int)(lasted.TotalSeconds / 30));
            Assert.DoesNotContain("fail: Orleans.Messaging", survivor.Program.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_node_that_hangs_is_given_up_and_costs_no_report_and_opens_no_incident_twice()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 3, s_clock, s_patient, s_waitsForRedis);
        await using var end = new Together(nodes, output);
        // The oldest one: the others did not see it come.
        var (hung, survivors) = (nodes[0], nodes[1..]);
        // A balancer sends nobody to a node that does not answer; what it watched is everybody's.
        using var crowd = new Crowd([.. survivors.Select(n => n.Address)], Pairs());

        await crowd.ReportAsync(PerSecond, Seconds, (Killed, HangAsync));

        Tell(crowd, [0, 1]);
        await EveryoneIsCountedOnceAsync(nodes[1], crowd);
        await EachServiceHasOneIncidentAsync(nodes[2]);
        await hung.Program.KillAsync();
        // Who ends is not given up.
        await nodes[2].Program.TerminateAsync();
        foreach (var survivor in survivors)
            Assert.Contains(hung.SiloAddress, Assert.Single(survivor.Program.Output.Split('\n'), IsLoss), StringComparison.Ordinal);

        async Task HangAsync()
        {
            var stopped = crowd.Now;
            await hung.Program.SignalAsync("STOP");
            foreach (var survivor in survivors)
                Assert.Contains(hung.SiloAddress, await survivor.Program.LineAsync(IsLoss), StringComparison.Ordinal);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"given up by both after {(crowd.Now - stopped).TotalSeconds:0.0} s"));
        }

        static bool IsLoss(string line) => line.Contains("does not answer and was given up", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_is_killed_and_comes_back_costs_no_report_and_opens_no_incident_twice()
    {
        using var folder = new TemporaryFolder();
        string[] durable = ["--dir", folder.Path, "--appendonly", "yes", "--appendfsync", "always"];
        await using var redis = await RedisServer.StartAsync(durable);
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 3, s_clock, s_patient, s_waitsForRedis);
        await using var end = new Together(nodes, output);
        using var crowd = new Crowd([.. nodes.Select(n => n.Address)], Pairs());
        var gone = new TaskCompletionSource();
        RedisServer? again = null;
        var (killed, back) = (TimeSpan.Zero, TimeSpan.Zero);

        await crowd.ReportAsync(PerSecond, Seconds, (Killed, KillAsync), (Killed + Away, ComeBackAsync));

        await using var server = again;
        Tell(crowd, [0, 1, 2]);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Redis was back after {(back - killed).TotalSeconds:0.0} s, the last attempt failed {(crowd.LastFailure - back).TotalSeconds:0.0} s later, the longest stretch of failures since it was killed was {crowd.LongestFailing(killed).TotalSeconds:0.0} s"));
        await EveryoneIsCountedOnceAsync(nodes[0], crowd);
        await EachServiceHasOneIncidentAsync(nodes[1]);

        async Task KillAsync()
        {
            killed = crowd.Now;
            try
            {
                await redis.DisposeAsync();
            }
            finally
            {
                gone.SetResult();
            }
        }

        async Task ComeBackAsync()
        {
            // It may be writing, and have its port until that is done.
            await gone.Task;
            again = await RedisServer.StartAsync(redis.Port, durable);
            back = crowd.Now;
        }
    }

    private static List<(string, string)> Pairs() => [.. s_services.SelectMany(_ => s_regions, (service, region) => (service, region))];

    private void Tell(Crowd crowd, int[] nodes)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{crowd.Sent.Values.Sum()} reports, {crowd.Accepted} answered 202, {crowd.Repeated} known by their second attempt, {crowd.Failed} attempts failed, longest wait of one report {crowd.LongestWait.TotalSeconds:0.0} s, longest stretch of failures {crowd.LongestFailing().TotalSeconds:0.0} s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"other machines had {crowd.Taken.TotalSeconds:0.0} s of this one meanwhile, which the stretches leave out"));
        output.WriteLine(crowd.Reasons);
        foreach (var node in nodes)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"node {node + 1}: longest time without a success {crowd.LongestSilence(node).TotalSeconds:0.0} s"));
    }

    private static async Task EveryoneIsCountedOnceAsync(ClusterNode node, Crowd crowd) =>
        Assert.Equal(crowd.Sent, await node.CountAsync(crowd.Sent.Keys, s_start));

    // The last of them may be seen only in the minute that ends after the crowd has gone.
    private static async Task EachServiceHasOneIncidentAsync(ClusterNode node)
    {
        await ClusterNode.UntilAsync(async () => (await OpenedAsync(node)).Distinct().Count() == s_services.Length);
        Assert.Equal(s_services.Order(), (await OpenedAsync(node)).Order());
    }

    private static async Task<List<string>> OpenedAsync(ClusterNode node) =>
    [
        .. (await node.GetAsync($"/api/v1/incidents?limit=100&from={s_start:yyyy-MM-ddTHH:mm:00Z}")).GetProperty("items").EnumerateArray()
            .Select(i => i.GetProperty("service").GetString()!),
    ];
}
