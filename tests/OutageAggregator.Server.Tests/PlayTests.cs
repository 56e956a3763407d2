using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

[Collection("Keeps the pace of a crowd")]
public sealed class PlayTests
{
    private const string TooLate = "past the outage's first minute";

    private static readonly string s_event = ProgramProcess.RepositoryFile("data/events/2024-11-08-chatgpt.json");

    [Fact]
    public async Task A_partners_key_plays_batches()
    {
        const string Secret = "a-secret-of-a-test-that-is-long-enough";
        using var folder = new TemporaryFolder();
        var settings = folder.File("keys.json", $$"""{ "Keys": ["player ingest sha256:{{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)))}}"] }""");
        await using var server = await RunningServer.StartAsync(folder.Path, "--clock", "2024-11-09T00:20:00Z@60", "--settings", settings);

        var refused = await PlaySoonAsync(folder, server.Address, "--key", "wrong");
        Assert.Contains("refuses the key (401)", refused.Errors);
        Assert.Equal(2, refused.ExitCode);

        var played = await PlaySoonAsync(folder, server.Address, "--key", Secret);
        Assert.True(played.ExitCode == 0, played.Output + played.Errors);
        Assert.Contains("120 counted, 0 not counted, 0 lost", played.Output);
        Assert.Equal(120, await server.CountAsync("chatgpt", played.First, played.First.AddHours(2)));
    }

    [Fact]
    public async Task A_server_that_does_not_trust_the_player_is_told_so()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync([], ["--urls", "http://127.0.0.1:0", "--data", folder.Path, "--clock", "2024-11-09T00:30:00Z@60"]);

        var refused = await PlaySoonAsync(folder, server.Address);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--trust-proxy 127.0.0.1/32", refused.Errors);
    }

    [Fact]
    public async Task A_server_whose_clock_is_past_the_event_is_named_with_the_clock_it_needs()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(folder.Path);

        var (code, _, errors) = await ProgramProcess.RunAsync("Replay", ["play", s_event, "--to", server.Address.ToString()]);

        Assert.Equal(2, code);
        Assert.Contains("past the outage's first minute, 2024-11-09T00:34Z. Start a server with --clock 2024-11-09T00:20:00Z@60", errors);
    }

    [Fact]
    public async Task What_cannot_be_played_is_said_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var unknown = folder.File("unknown.json", Event(new(2024, 11, 9, 1, 0, 0, default), [1]).Replace("\"chatgpt\"", "\"no-such-service\"", StringComparison.Ordinal));
        await using var server = await RunningServer.StartAsync(folder.Path);

        await SaysAsync("No server answers at http://127.0.0.1:1/", s_event, "http://127.0.0.1:1");
        await SaysAsync("--to is 'nowhere'. Allowed: an http address", s_event, "nowhere");
        await SaysAsync("can't be read: there is no such file.", "/no/such/event.json", server.Address.ToString());
        await SaysAsync("does not know the service 'no-such-service'", unknown, server.Address.ToString());

        static async Task SaysAsync(string says, string file, string to)
        {
            var (code, _, errors) = await ProgramProcess.RunAsync("Replay", ["play", file, "--to", to]);
            Assert.Equal(2, code);
            Assert.Contains(says, Assert.Single(errors.TrimEnd('\n').Split('\n')));
        }
    }

    /// <summary>A server that is busy at first: it says when to come again, and the player does.</summary>
    [Fact]
    public async Task A_report_that_a_busy_server_refused_is_sent_again_when_it_said()
    {
        using var folder = new TemporaryFolder();
        var few = folder.File("few.json", Event(new(2024, 11, 9, 1, 0, 0, default), [30, 40]));
        var seen = new ConcurrentDictionary<string, int>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var busy = builder.Build();
        busy.Run(async context =>
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                // The same to everybody who asks: the player has four seconds from then.
                await context.Response.WriteAsync("""{"freshness":{"observedAt":"2024-11-09T00:20:00Z","ageSeconds":0,"state":"fresh","clock":{"simulated":true,"speed":600}}}""");
                return;
            }
            var attempts = seen.AddOrUpdate(context.Request.Headers["X-Forwarded-For"].ToString(), 1, (_, n) => n + 1);
            context.Response.StatusCode = attempts == 1 ? 503 : 202;
            context.Response.Headers.RetryAfter = "0";
        });
        await busy.StartAsync();

        var (code, output, errors) = await ProgramProcess.RunAsync("Replay", ["play", few, "--to", busy.Urls.Single()]);

        Assert.True(code == 0, output + errors);
        Assert.Contains("70 counted, 0 not counted, 0 lost, 70 retries", output);
        Assert.Equal(70, seen.Count);
        Assert.All(seen.Values, attempts => Assert.Equal(2, attempts));
    }

    /// <summary>Plays three minutes that begin a quarter of a minute from now on a clock sixty times as fast as ours, or later where the machine needs longer.</summary>
    private static async Task<(DateTimeOffset First, int ExitCode, string Output, string Errors)> PlaySoonAsync(TemporaryFolder folder, Uri server, params string[] arguments)
    {
        using var client = new HttpClient { BaseAddress = server };
        for (var lead = 15; ; lead *= 2)
        {
            var observed = (await client.GetFromJsonAsync<JsonElement>("/api/v1/services/chatgpt")).GetProperty("freshness").GetProperty("observedAt").GetDateTimeOffset();
            var first = new DateTimeOffset(observed.Year, observed.Month, observed.Day, observed.Hour, observed.Minute, 0, default).AddMinutes(lead);
            var (code, output, errors) = await ProgramProcess.RunAsync("Replay", ["play", folder.File("soon.json", Event(first, [30, 40, 50])), "--to", server.ToString(), .. arguments]);
            if (lead == 120 || !errors.Contains(TooLate, StringComparison.Ordinal))
                return (first, code, output, errors);
        }
    }

    private static string Event(DateTimeOffset first, int[] counts) => $$"""
        { "format": "outage-event/1", "title": "A test", "service": "chatgpt", "firstMinute": "{{first:yyyy-MM-ddTHH:mm:ssZ}}",
          "excess": [ { "from": "{{first:yyyy-MM-ddTHH:mm:ssZ}}", "to": "{{first.AddMinutes(counts.Length):yyyy-MM-ddTHH:mm:ssZ}}", "reports": {{counts.Sum()}} } ],
          "reportsPerMinute": [ {{string.Join(", ", counts)}} ],
          "mix": { "regions": { "IT": 1, "US": 2 }, "surfaces": { "web": 1 }, "problems": { "login": 1 } },
          "provider": [], "sources": [], "known": [], "interpolated": [] }
        """;
}
