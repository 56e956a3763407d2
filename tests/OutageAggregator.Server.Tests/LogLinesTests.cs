using System.Text.Json;
using System.Text.RegularExpressions;
using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

/// <summary>What the server writes about itself, read as operators and their collectors read it.</summary>
public sealed partial class LogLinesTests
{
    private const string Lifetime = "Logging__LogLevel__Microsoft.Hosting.Lifetime";
    private const string Formatter = "Logging__Console__FormatterName";

    [Fact]
    public async Task A_line_of_the_log_is_one_line_with_its_time_in_UTC()
    {
        var line = await StartedLineAsync(new() { ["OUTAGE_" + Lifetime] = "Information" });

        Assert.Matches(Line(), line);
    }

    [Theory]
    [InlineData("OUTAGE_")]
    [InlineData("")]
    public async Task The_log_is_JSON_where_the_settings_or_the_frameworks_own_variables_say_so(string prefix)
    {
        var line = await StartedLineAsync(new() { [prefix + Lifetime] = "Information", [prefix + Formatter] = "json" });

        var entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal("Microsoft.Hosting.Lifetime", entry.GetProperty("Category").GetString());
        Assert.Matches(Time(), entry.GetProperty("Timestamp").GetString());
    }

    [Fact]
    public async Task A_setting_of_the_server_wins_over_the_frameworks_own_variable()
    {
        var line = await StartedLineAsync(new() { ["OUTAGE_" + Lifetime] = "Information", [Formatter] = "json", ["OUTAGE_" + Formatter] = "simple" });

        Assert.Matches(Line(), line);
    }

    [Fact]
    public async Task The_format_of_the_time_is_the_operators_where_they_say_one()
    {
        var line = await StartedLineAsync(new() { ["OUTAGE_" + Lifetime] = "Information", ["OUTAGE_Logging__Console__FormatterOptions__TimestampFormat"] = "yyyy " });

        Assert.Matches("^[0-9]{4} info: ", line);
    }

    private static async Task<string> StartedLineAsync(Dictionary<string, string> environment)
    {
        await using var server = await RunningServer.StartAsync(environment, "--urls", "http://127.0.0.1:0", "--storage", "memory");
        return await server.Program.LineAsync(l => l.Contains("Application started.", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z info: Microsoft\.Hosting\.Lifetime\[0\] Application started\.", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Line();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Time();
}
