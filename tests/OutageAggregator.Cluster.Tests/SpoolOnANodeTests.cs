using System.Net;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>Reports that wait in a node's spool, and are taken back there.</summary>
public sealed class SpoolOnANodeTests(ITestOutputHelper output)
{
    private const int People = 40;

    private static readonly (string Service, string Region) s_crowded = ("chatgpt", "IT");
    private static readonly (string Service, string Region) s_alone = ("github", "DE");
    private static readonly (string Service, string Region) s_before = ("netflix", "ES");

    // Redis is away or it is not: on a busy machine it may get no processor for longer than the 900 ms of the default.
    private static readonly (string, string)[] s_settings = [("OUTAGE_Spool__Enabled", "true"), ("OUTAGE_Redis__HungMilliseconds", "4000")];

    public enum Killed
    {
        Never,
        BeforeTheyAreTakenBack,
        AfterTheyAreTakenBack,
        BeforeAndAfter,
    }

    [Theory]
    [InlineData(Killed.Never)]
    [InlineData(Killed.BeforeTheyAreTakenBack)]
    [InlineData(Killed.AfterTheyAreTakenBack)]
    [InlineData(Killed.BeforeAndAfter)]
    public async Task What_is_taken_back_while_Redis_is_away_counts_nothing_and_the_rest_counts_once(Killed killed)
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 1, s_settings);
        await using var end = new Together(nodes, output);
        var node = nodes[0];
        var from = DateTimeOffset.UtcNow;
        _ = await TakenAsync(node, 0, s_before, provisional: false);

        await redis.SignalAsync("STOP");
        var alone = await TakenAsync(node, 1, s_alone, provisional: true);
        // So many at once share batches, of which some reports are taken back and others stay.
        var crowded = await Task.WhenAll(Enumerable.Range(10, People).Select(person => TakenAsync(node, person, s_crowded, provisional: true)));
        if (killed is Killed.BeforeTheyAreTakenBack or Killed.BeforeAndAfter)
            await StartAgainAsync(node);
        string[] withdrawn = [alone, .. crowded.Where((_, i) => i % 2 == 0)];
        foreach (var address in withdrawn)
            Assert.Equal(HttpStatusCode.NoContent, await TakeBackAsync(node, address));
        if (killed is Killed.AfterTheyAreTakenBack or Killed.BeforeAndAfter)
            await StartAgainAsync(node);
        Assert.Equal(People + 1, await node.MetricAsync("outage_spool_waiting_reports"));
        await redis.SignalAsync("CONT");

        await ClusterNode.UntilAsync(async () => await node.MetricAsync("outage_spool_waiting_reports") == 0);
        await ClusterNode.UntilAsync(async () => (await node.Client.GetAsync(new Uri(node.Address, "/readyz"))).IsSuccessStatusCode);
        Assert.Equal(0, await node.MetricAsync("outage_spool_set_aside_reports_total"));
        await CountsAsync(node, from, People / 2);
        // Once more, at a node whose spool knows nothing of them any more: one that was taken back, and one that was not.
        Assert.Equal(HttpStatusCode.NoContent, await TakeBackAsync(node, crowded[0]));
        Assert.Equal(HttpStatusCode.NoContent, await TakeBackAsync(node, crowded[1]));
        await ClusterNode.UntilAsync(async () => (await node.CountAsync([s_crowded], from))[s_crowded] < People / 2);
        await CountsAsync(node, from, (People / 2) - 1);
    }

    [Fact]
    public async Task What_is_taken_back_while_the_spool_is_handed_on_counts_nothing()
    {
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TemporaryFolder();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 1, s_settings);
        await using var end = new Together(nodes, output);
        var node = nodes[0];
        var from = DateTimeOffset.UtcNow;
        _ = await TakenAsync(node, 0, s_before, provisional: false);
        await redis.SignalAsync("STOP");
        var alone = await TakenAsync(node, 1, s_alone, provisional: true);
        var crowded = new List<string>();
        // One after the other, so that there are as many batches to hand on.
        for (var person = 10; person < 10 + People; person++)
            crowded.Add(await TakenAsync(node, person, s_crowded, provisional: true));

        await redis.SignalAsync("CONT");
        // As soon as the first of them are handed on, and before all of them are, where the machine is that quick.
        await ClusterNode.UntilAsync(async () => await node.MetricAsync("outage_redis_breaker_open") == 0);
        string[] withdrawn = [alone, .. crowded.Where((_, i) => i % 2 == 0)];
        Assert.All(await Task.WhenAll(withdrawn.Select(w => TakeBackAsync(node, w))), status => Assert.Equal(HttpStatusCode.NoContent, status));
        await ClusterNode.UntilAsync(async () => await node.MetricAsync("outage_spool_waiting_reports") == 0);

        await CountsAsync(node, from, People / 2);
    }

    private static async Task CountsAsync(ClusterNode node, DateTimeOffset from, int crowded) => Assert.Equal(
        new Dictionary<(string, string), int> { [s_before] = 1, [s_alone] = 0, [s_crowded] = crowded },
        await node.CountAsync([s_before, s_alone, s_crowded], from));

    // It is not ready before Redis is back: it has to join the cluster.
    private static async Task StartAgainAsync(ClusterNode node)
    {
        await node.Program.KillAsync();
        await node.BeginAsync();
    }

    // Where to take the report back.
    private static async Task<string> TakenAsync(ClusterNode node, int person, (string Service, string Region) pair, bool provisional)
    {
        using var answer = await node.ReportAsync(person, pair);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        using var receipt = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(provisional, receipt.RootElement.TryGetProperty("provisional", out var said) && said.GetBoolean());
        return receipt.RootElement.GetProperty("withdraw").GetString()!;
    }

    private static async Task<HttpStatusCode> TakeBackAsync(ClusterNode node, string address)
    {
        using var answer = await node.Client.DeleteAsync(new Uri(node.Address, address));
        return answer.StatusCode;
    }
}
