using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Deployment;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>The nodes of <c>docker-compose.yml</c> started by hand, with the variables, secrets and the Redis that their containers would have.</summary>
public sealed class ComposedNodesTests
{
    [Fact]
    public async Task Nodes_join_by_what_compose_tells_them_and_one_shows_what_the_other_was_told()
    {
        RedisServer.SkipWhereMissing();
        using var folder = new TemporaryFolder();
        await Containers.MakeSecretsAsync(folder);
        await using var redis = await RedisServer.StartAsync("--include", Containers.RedisConfiguration(folder));
        var settings = await Containers.NodeSettingsAsync(folder, redis.Port);
        using var own = new TemporaryFolder();
        using var others = new TemporaryFolder();
        await using var one = Start("node1", own, folder, settings);
        await using var other = Start("node2", others, folder, settings);
        var ports = new List<string>();
        foreach (var (node, service) in new[] { (one, "node1"), (other, "node2") })
        {
            var port = Containers.PortIn(await node.LineAsync(l => l.StartsWith("OutageAggregator is at ", StringComparison.Ordinal)));
            var (path, _) = Containers.CheckOf(service);
            await ClusterNode.UntilAsync(async () => (await Containers.HealthAsync(path, port)).ExitCode == 0);
            ports.Add(port);
        }
        using var client = new HttpClient();

        var before = DateTimeOffset.UtcNow;
        using (var answer = await client.PostAsJsonAsync($"http://127.0.0.1:{ports[0]}/api/v1/reports", new { service = "chatgpt" }))
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        var series = await client.GetFromJsonAsync<JsonElement>(
            $"http://127.0.0.1:{ports[1]}/api/v1/services/chatgpt/series?step=1m&from={before:yyyy-MM-ddTHH:mm:00Z}&to={before.AddMinutes(10):yyyy-MM-ddTHH:mm:00Z}");
        Assert.Equal(1, series.GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("reports").GetInt32()));
        // The key is the cluster's, and not one that each made for itself.
        Assert.Empty(Directory.GetFiles(own.Path, Containers.ReporterKey, SearchOption.AllDirectories));
        foreach (var node in new[] { one, other })
        {
            await node.TerminateAsync();
            Assert.Equal((0, ""), (node.ExitCode, node.Errors));
        }
    }

    // Its container has an address of its own, and its secrets in a folder of its own.
    private static ProgramProcess Start(string service, TemporaryFolder volume, TemporaryFolder secrets, string settings)
    {
        var variables = Containers.EnvironmentOf("server", service, volume);
        Assert.Equal("/run/secrets", variables["OUTAGE_Cluster__Secrets"]);
        variables["OUTAGE_Cluster__Secrets"] = Path.Combine(secrets.Path, "secrets");
        variables["OUTAGE_Cluster__Address"] = "127.0.0.1";
        // Redis syncs its log with every batch, and a busy disk takes its time.
        variables["OUTAGE_Redis__HungMilliseconds"] = "4000";
        variables["OUTAGE_Cluster__SiloPort"] = Ports.Free().ToString(CultureInfo.InvariantCulture);
        return ProgramProcess.Start("Server", ["--settings", settings], variables);
    }
}
