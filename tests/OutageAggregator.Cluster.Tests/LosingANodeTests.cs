using System.Globalization;
using OutageAggregator.Redis.Tests;
using OutageAggregator.Server.Tests;

namespace OutageAggregator.Cluster.Tests;

/// <summary>Three nodes under 2,000 reports a second for a minute, over 20 services in 10 regions, while something is killed.</summary>
public sealed class LosingANodeTests(ITestOutputHelper output)
{
    private const int PerSecond = 2_000;
    private const int Seconds = 60;

    private static readonly string[] s_services =
    [
        "chatgpt", "claude", "github", "netflix", "spotify", "discord", "slack", "zoom", "whatsapp", "instagram",
        "facebook", "youtube", "gmail", "reddit", "twitch", "steam", "paypal", "cloudflare", "notion", "dropbox",
    ];

    // Whoever tries again and again must not be told here that they report too often.
    private static readonly (string, string) s_patient = ("OUTAGE_Limits__ReportsPerMinute", "600");

    private static readonly string[] s_regions = ["IT", "ES", "US", "DE", "FR", "GB", "BR", "IN", "JP", "CA"];

    [Fact]
    public async Task A_node_that_is_killed_and_comes_back_costs_no_report_and_opens_no_incident_twice()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 3, s_patient);
        await using var end = new Together(nodes, output);
        using var crowd = new Crowd(nodes, Pairs());
        var from = DateTimeOffset.UtcNow;

        await crowd.ReportAsync(PerSecond, Seconds, (20, nodes[2].Program.KillAsync), (35, nodes[2].StartAsync));

        Tell(crowd, [0, 1]);
        await EveryoneIsCountedOnceAsync(nodes[0], crowd, from);
        await EachServiceHasOneIncidentAsync(nodes[1], from);
        // Of everybody, those included whose watch was on the node that is gone.
        Assert.InRange(crowd.LongestFailing, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_Redis_that_is_killed_and_comes_back_costs_no_report_and_opens_no_incident_twice()
    {
        using var folder = new TemporaryFolder();
        string[] durable = ["--dir", folder.Path, "--appendonly", "yes", "--appendfsync", "always"];
        await using var redis = await RedisServer.StartAsync(durable);
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 3, s_patient);
        await using var end = new Together(nodes, output);
        using var crowd = new Crowd(nodes, Pairs());
        var from = DateTimeOffset.UtcNow;
        RedisServer? again = null;

        await crowd.ReportAsync(PerSecond, Seconds, (20, () => redis.DisposeAsync().AsTask()), (23, async () => again = await RedisServer.StartAsync(redis.Port, durable)));

        await using var server = again;
        Tell(crowd, [0, 1, 2]);
        await EveryoneIsCountedOnceAsync(nodes[0], crowd, from);
        await EachServiceHasOneIncidentAsync(nodes[1], from);
    }

    private static List<(string, string)> Pairs() => [.. s_services.SelectMany(_ => s_regions, (service, region) => (service, region))];

    private void Tell(Crowd crowd, int[] nodes)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{crowd.Sent.Values.Sum()} reports, {crowd.Accepted} answered 202, {crowd.Repeated} known by their second attempt, {crowd.Failed} attempts failed, longest wait of one report {crowd.LongestWait.TotalSeconds:0.0} s, longest stretch of failures {crowd.LongestFailing.TotalSeconds:0.0} s"));
        foreach (var node in nodes)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"node {node + 1}: longest time without a success {crowd.LongestSilence(node).TotalSeconds:0.0} s"));
    }

    private static async Task EveryoneIsCountedOnceAsync(ClusterNode node, Crowd crowd, DateTimeOffset from)
    {
        var to = from.AddMinutes(10);
        var counted = new Dictionary<(string, string), int>();
        foreach (var (service, region) in crowd.Sent.Keys)
        {
            var series = await node.GetAsync($"/api/v1/services/{service}/series?step=1m&region={region}&from={from:yyyy-MM-ddTHH:mm:00Z}&to={to:yyyy-MM-ddTHH:mm:00Z}");
            counted[(service, region)] = series.GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("reports").GetInt32());
        }
        Assert.Equal(crowd.Sent, counted);
    }

    // The last of them may be seen only in the minute that ends after the crowd has gone.
    private static async Task EachServiceHasOneIncidentAsync(ClusterNode node, DateTimeOffset from)
    {
        await ClusterNode.UntilAsync(async () => (await OpenedAsync(node, from)).Distinct().Count() == s_services.Length);
        Assert.Equal(s_services.Order(), (await OpenedAsync(node, from)).Order());
    }

    private static async Task<List<string>> OpenedAsync(ClusterNode node, DateTimeOffset from) =>
    [
        .. (await node.GetAsync($"/api/v1/incidents?limit=100&from={from.AddHours(-1):yyyy-MM-ddTHH:mm:00Z}")).GetProperty("items").EnumerateArray()
            .Select(i => i.GetProperty("service").GetString()!),
    ];

    private sealed class Together(IReadOnlyList<ClusterNode> nodes, ITestOutputHelper output) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
                foreach (var fault in node.Faults)
                    output.WriteLine(fault);
            }
        }
    }
}
