using System.Text.RegularExpressions;
using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

[Collection("Keeps the pace of a crowd")]
public sealed class PlayedNightTests
{
    // Of the event's time.
    private const double MostSecondsBehind = 30;

    // How many times as fast as it happened: its hour and a half takes the slowest nearly four minutes, of the five that a program is waited for.
    private static readonly int[] s_speeds = [40, 24];

    private static readonly string s_event = ProgramProcess.RepositoryFile("data/events/2024-11-08-chatgpt.json");

    /// <summary>The event by which the product is measured, on a server that knows nothing of the service yet.</summary>
    [Fact]
    public async Task The_eighth_of_November_2024_is_one_incident_seen_at_once_and_counted_whole()
    {
        var firstExcess = new DateTimeOffset(2024, 11, 9, 0, 34, 0, default);
        var lastExcess = new DateTimeOffset(2024, 11, 9, 1, 0, 0, default);
        using var folder = new TemporaryFolder();
        await using var server = await PlayInTimeAsync(folder);

        await server.UntilAsync(async () => (await server.IncidentsAsync("chatgpt")).Exists(i => i.GetProperty("state").GetString() == "resolved"));
        var incident = Assert.Single(await server.IncidentsAsync("chatgpt"));
        Assert.InRange(incident.GetProperty("detectedAt").GetDateTimeOffset(), firstExcess, firstExcess.AddMinutes(2));
        Assert.InRange(incident.GetProperty("endedAt").GetDateTimeOffset(), lastExcess.AddMinutes(-5), lastExcess.AddMinutes(5));
        Assert.InRange(incident.GetProperty("resolvedAt").GetDateTimeOffset(), lastExcess, lastExcess.AddMinutes(15));
        Assert.InRange(incident.GetProperty("reports").GetInt32(), 19_403 * 0.99, 19_403 * 1.01);
    }

    /// <summary>
    /// A server with the crowd of that day in it, which came in time. A machine that could not send it, or not start in time, has not played the
    /// event, and plays it again, slower.
    /// </summary>
    private static async Task<RunningServer> PlayInTimeAsync(TemporaryFolder folder)
    {
        for (var attempt = 0; ; attempt++)
        {
            var speed = s_speeds[attempt];
            var isLast = attempt == s_speeds.Length - 1;
            var server = await RunningServer.StartAsync(Path.Combine(folder.Path, $"{attempt}"), "--clock", string.Create(CultureInfo.InvariantCulture, $"2024-11-09T00:20:00Z@{speed}"));
            try
            {
                var (code, output, errors) = await ProgramProcess.RunAsync("Replay", ["play", s_event, "--to", server.Address.ToString()]);
                if (!errors.Contains("past the outage's first minute", StringComparison.Ordinal) || isLast)
                {
                    Assert.True(code == 0, output + errors);
                    Assert.Contains(" 0 not counted, 0 lost", output);
                    Assert.Contains("100 %", errors);
                    var behind = Regex.Match(output, @"at most (?<seconds>[\d.]+) s behind", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Groups["seconds"].Value;
                    if (double.Parse(behind, CultureInfo.InvariantCulture) * speed <= MostSecondsBehind || isLast)
                        return server;
                }
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }
}
