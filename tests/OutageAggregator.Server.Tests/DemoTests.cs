using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

[Collection("Keeps a pace")]
public sealed class DemoTests
{
    [Fact]
    public async Task A_demo_shows_one_incident_from_its_beginning_to_its_end_and_says_that_it_is_a_demo()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(folder.Path, "--demo");

        Assert.True((await server.GetAsync("/api/v1/services/chatgpt")).GetProperty("freshness").GetProperty("demo").GetBoolean());
        await server.UntilAsync(async () => (await server.IncidentsAsync("chatgpt")).Exists(i => i.GetProperty("state").GetString() == "resolved"));

        var incident = Assert.Single((await server.GetAsync("/api/v1/incidents")).GetProperty("items").EnumerateArray().ToList());
        Assert.Equal("chatgpt-1", incident.GetProperty("id").GetString());
        // The recorded crowd, over the demo's own noise.
        Assert.InRange(incident.GetProperty("reports").GetInt32(), 19_403, 19_403 * 1.02);
        var resolved = incident.GetProperty("resolvedAt").GetDateTimeOffset();
        Assert.InRange(resolved, new(2024, 11, 9, 1, 0, 0, default), new(2024, 11, 9, 2, 20, 0, default)); // two minutes of real time
        Assert.Contains("None of them is real.", server.Program.Output);
        Assert.DoesNotContain("warn: Orleans", server.Program.Output);
        Assert.True(File.Exists(Path.Combine(folder.Path, "demo", "DEMO.txt")));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "store")));

        var usual = (await server.GetAsync("/api/v1/services/netflix/series?step=1h&from=2024-11-01T00:00:00Z&to=2024-11-08T00:00:00Z"))
            .GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("reports").GetInt32());
        Assert.InRange(usual, 1_000, 20_000);
    }
}
