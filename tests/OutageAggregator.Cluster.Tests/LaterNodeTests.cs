using System.Net;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>A cluster that is upgraded node by node: for a while nodes of two versions are in it.</summary>
[Collection(NodesUnderLoad.Name)]
public sealed class LaterNodeTests(ITestOutputHelper output)
{
    private const int PerSecond = 50;
    private const int Seconds = 15;

    private static readonly DateTimeOffset s_start = new(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);

    // A minute a second, so that minutes are closed meanwhile, and what a node measures of its grains.
    private static readonly (string, string)[] s_settings =
        [("OUTAGE_Clock", "2024-11-08T12:00:00Z@60"), ("OUTAGE_Metrics__Orleans", "true"), ("OUTAGE_Redis__HungMilliseconds", "4000")];

    // Enough that each node watches some of the services and some of their regions.
    private static readonly (string Service, string Region)[] s_pairs = PairsOf("chatgpt", "claude", "github", "netflix");
    private static readonly (string Service, string Region)[] s_laterPairs = PairsOf("discord", "reddit", "spotify", "slack", "zoom", "twitch");

    [Fact]
    public async Task A_node_whose_forms_have_a_field_more_joins_works_and_leaves_while_reports_are_taken_in()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        using var program = new TemporaryFolder();
        var today = new ClusterNode(redis.Address, folder.Path, "today", s_settings);
        var later = new ClusterNode(redis.Address, folder.Path, "later", s_settings) { Server = LaterServer(program) };
        await using var end = new Together([today, later], output);
        using var crowd = new Crowd([today.Address, later.Address], s_pairs);
        await today.StartAsync();

        await crowd.ReportAsync(PerSecond, Seconds, (2, UpgradeAsync));

        Assert.Equal(PerSecond * Seconds, crowd.Accepted + crowd.Repeated);
        Assert.Equal(crowd.Sent, await today.CountAsync(s_pairs, s_start));
        Assert.All(await today.CountAsync(s_laterPairs, s_start), c => Assert.Equal(2, c.Value));
        Assert.Empty(today.Faults.Concat(later.Faults));

        async Task UpgradeAsync()
        {
            await later.StartAsync();
            // Watches that begin now are spread over both nodes, and reported to by either.
            var person = PerSecond * Seconds;
            foreach (var pair in s_laterPairs)
            {
                foreach (var node in new[] { today, later })
                {
                    using var answer = await node.ReportAsync(person++, pair);
                    Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
                }
            }
            foreach (var node in new[] { today, later })
                await ClusterNode.UntilAsync(async () => await WatchesAsync(node));
            var closed = await LooksAsync(later);
            await ClusterNode.UntilAsync(async () => await LooksAsync(later) > closed + 60);
            await later.Program.TerminateAsync();
            Assert.Equal(0, later.Program.ExitCode);
        }
    }

    private static (string, string)[] PairsOf(params string[] services) =>
        [.. services.SelectMany(s => Region.Countries.Take(6).Select(r => (s, r.ToString())))];

    // It has hosted watches of services and of regions.
    private static async Task<bool> WatchesAsync(ClusterNode node)
    {
        var metrics = await node.Client.GetStringAsync(new Uri(node.Address, "/metrics"));
        return new[] { "servicewatch", "regionwatch" }.All(g => metrics.Contains($"orleans_catalog_activation_created_total{{grain_type=\"{g}\"}} ", StringComparison.Ordinal));
    }

    private static Task<double> LooksAsync(ClusterNode node) => node.MetricAsync("outage_watch_look_duration_seconds_count");

    /// <summary>Today's server with the library of a later version, whose forms have a field more.</summary>
    private static string LaterServer(TemporaryFolder folder)
    {
        const string Library = "OutageAggregator.Cluster.dll";
        var server = ProgramProcess.PathOf("Server");
        var built = Path.GetDirectoryName(server)!;
        foreach (var file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(built, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        var later = Path.Combine(AppContext.BaseDirectory.Replace("OutageAggregator.Cluster.Tests", "OutageAggregator.LaterCluster", StringComparison.Ordinal), Library);
        File.Copy(later, Path.Combine(folder.Path, Library), overwrite: true);
        return Path.Combine(folder.Path, Path.GetFileName(server));
    }
}
