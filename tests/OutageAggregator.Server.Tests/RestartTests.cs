using System.Diagnostics;
using System.Net;
using System.Text.Json;
using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task A_restart_restores_counts_and_recent_reporters()
    {
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow;
        await using (var server = await RunningServer.StartAsync(folder.Path))
        {
            Assert.Equal(HttpStatusCode.Accepted, await server.ReportAsync(RunningServer.Person(1)));
            Assert.Equal(HttpStatusCode.Accepted, await server.ReportAsync(RunningServer.Person(2), region: "US"));
            Assert.Equal(HttpStatusCode.OK, await server.ReportAsync(RunningServer.Person(2), region: "FR"));
            await server.Program.KillAsync();
        }

        await using var again = await RunningServer.StartAsync(folder.Path);

        Assert.Equal(2, await again.CountAsync("chatgpt", before, before.AddHours(2)));
        Assert.Equal(2, (await again.GetAsync("/api/v1/services/chatgpt")).GetProperty("reports15m").GetInt32());
        Assert.Equal(HttpStatusCode.OK, await again.ReportAsync(RunningServer.Person(1)));
        Assert.Equal(HttpStatusCode.Accepted, await again.ReportAsync(RunningServer.Person(3)));
    }

    [Fact]
    public async Task A_restart_restores_the_open_incident_and_ends_it_when_it_ends()
    {
        using var folder = new TemporaryFolder();
        JsonElement opened;
        DateTimeOffset resumed;
        await using (var server = await RunningServer.StartAsync(folder.Path, "--clock", "2024-05-01T12:00:00Z@60"))
        {
            var people = 0;
            await server.UntilAsync(async () =>
            {
                _ = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.ReportAsync(RunningServer.Person(people++))));
                return (await server.IncidentsAsync("chatgpt")).Count > 0;
            });
            opened = Assert.Single(await server.IncidentsAsync("chatgpt"));
            var since = Stopwatch.GetTimestamp();
            var freshness = (await server.GetAsync("/api/v1/services/chatgpt")).GetProperty("freshness");
            await server.Program.KillAsync();
            // Where its clock was then, and a minute later: it must not go back to what has been observed, and answers are kept for a second.
            resumed = freshness.GetProperty("observedAt").GetDateTimeOffset().AddSeconds(freshness.GetProperty("ageSeconds").GetDouble()).AddMinutes(1)
                + (60 * Stopwatch.GetElapsedTime(since));
        }

        await using var again = await RunningServer.StartAsync(folder.Path, "--clock", $"{resumed:yyyy-MM-ddTHH:mm:ssZ}@60");

        var open = Assert.Single(await again.IncidentsAsync("chatgpt"));
        Assert.Equal(opened.GetProperty("id").GetString(), open.GetProperty("id").GetString());
        Assert.Equal(opened.GetProperty("startedAt").GetString(), open.GetProperty("startedAt").GetString());
        await again.UntilAsync(async () => (await again.IncidentsAsync("chatgpt"))[0].GetProperty("state").GetString() == "resolved");
        Assert.Single(await again.IncidentsAsync("chatgpt"));
    }
}
