using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>What is proposed on one node and accepted on another is a service on all of them, also after a restart.</summary>
public sealed class AcceptedServicesTests
{
    private const string Secret = "operator-secret-of-some-length";

    [Fact]
    public async Task A_proposal_that_one_node_accepts_is_a_service_on_the_other_with_its_counts_and_stays_one()
    {
        RedisServer.SkipWhereMissing();
        using var folder = new TemporaryFolder();
        await using var redis = await RedisServer.StartAsync();
        var nodes = await ClusterNode.StartAsync(redis, folder.Path, 2, ("OUTAGE_Keys__0", $"desk admin key:{Secret}"));
        await using var one = nodes[0];
        await using var other = nodes[1];
        var id = await ProposeAsync(one, HttpStatusCode.Accepted);
        Assert.Equal(id, await ProposeAsync(other, HttpStatusCode.OK));

        using (var accepted = await AcceptAsync(other, id, "zweck-verband"))
            Assert.True(accepted.StatusCode == HttpStatusCode.OK, await accepted.Content.ReadAsStringAsync());

        Assert.Equal(1, (await other.GetAsync("/api/v1/services/zweck-verband")).GetProperty("reports15m").GetInt32());
        await KnowsAsync(one);
        Assert.Equal(1, (await one.GetAsync("/api/v1/services/zweck-verband")).GetProperty("reports15m").GetInt32());
        // The one who named it has had his turn, on every node.
        using (var report = await one.Client.PostAsJsonAsync(new Uri(one.Address, "/api/v1/reports"), new { service = "zweck-verband" }))
            Assert.Equal("duplicate", (await report.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("reason").GetString());
        using (var again = await AcceptAsync(one, id, "zweck-verband"))
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using (var conflict = await AcceptAsync(one, id, "another-slug"))
            Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);

        await one.Program.KillAsync();
        await one.StartAsync();

        await KnowsAsync(one);
    }

    private static async Task<string> ProposeAsync(ClusterNode node, HttpStatusCode expected)
    {
        using var answer = await node.Client.PostAsJsonAsync(new Uri(node.Address, "/api/v1/proposals"), new { name = "is Zweckverband Quux down?" });
        Assert.Equal(expected, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<HttpResponseMessage> AcceptAsync(ClusterNode node, string id, string slug)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, $"/api/v1/proposals/{id}"))
        {
            Content = JsonContent.Create(new { slug, category = "home" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
        return await node.Client.SendAsync(request);
    }

    private static Task KnowsAsync(ClusterNode node) => ClusterNode.UntilAsync(
        async () => (await node.Client.GetAsync(new Uri(node.Address, "/api/v1/services/zweck-verband"))).StatusCode == HttpStatusCode.OK);
}
