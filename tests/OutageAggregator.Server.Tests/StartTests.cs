using System.Net;
using OutageAggregator.TestKit;

namespace OutageAggregator.Server.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_new_server_is_empty_and_says_where_it_is()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(folder.Path);

        Assert.Contains($"OutageAggregator is at {server.Address.ToString().TrimEnd('/')}, data in {folder.Path}/store.", server.Program.Output);
        Assert.Equal("", server.Program.Errors);
        var service = await server.GetAsync("/api/v1/services/chatgpt");
        Assert.Equal(0, service.GetProperty("reports15m").GetInt32());
        Assert.False(service.GetProperty("freshness").TryGetProperty("demo", out _));
        Assert.False(service.GetProperty("freshness").TryGetProperty("clock", out _));
        Assert.Equal(0, (await server.GetAsync("/api/v1/incidents")).GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/")).StatusCode);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(folder.Path, "store")));
    }

    [Fact]
    public async Task A_server_in_memory_needs_no_folder()
    {
        using var folder = new TemporaryFolder();
        var nowhere = folder.File("no-folder", "");
        await using var server = await RunningServer.StartAsync(nowhere, "--storage", "memory");

        Assert.Contains("data in memory", server.Program.Output);
        Assert.Equal(HttpStatusCode.Accepted, await server.ReportAsync(RunningServer.Person(1)));
    }

    [Fact]
    public async Task A_simulated_clock_starts_where_it_is_told_and_says_so()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(folder.Path, "--clock", "2024-11-09T00:20:00Z@60");

        var freshness = (await server.GetAsync("/api/v1/services/chatgpt")).GetProperty("freshness");
        Assert.Equal(60, freshness.GetProperty("clock").GetProperty("speed").GetDouble());
        Assert.InRange(freshness.GetProperty("observedAt").GetDateTimeOffset(), new(2024, 11, 9, 0, 20, 0, default), new(2024, 11, 9, 6, 0, 0, default));
    }

    [Fact]
    public async Task A_simulated_clock_does_not_go_back_behind_what_a_folder_holds()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await RunningServer.StartAsync(folder.Path, "--clock", "2024-11-09T12:00:00Z@60"))
            await server.Program.TerminateAsync();

        var (code, _, errors) = await ProgramProcess.RunAsync("Server", ["--urls", "http://127.0.0.1:0", "--data", folder.Path, "--clock", "2024-11-09T00:20:00Z@60"]);

        Assert.NotEqual(0, code);
        Assert.Contains("Clock is 2024-11-09T00:20:00Z@60, but", errors);
        Assert.Contains("Allowed: a later clock, or another data folder.", errors);
    }

    [Fact]
    public async Task The_machines_clock_does_not_go_back_behind_what_a_folder_holds()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await RunningServer.StartAsync(folder.Path, "--clock", "2099-11-09T12:00:00Z@60"))
            await server.Program.TerminateAsync();

        var (code, _, errors) = await ProgramProcess.RunAsync("Server", ["--urls", "http://127.0.0.1:0", "--data", folder.Path]);

        Assert.NotEqual(0, code);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
        Assert.Contains($"but {folder.Path}/store holds data until 2099-11-09T12:", errors);
        Assert.Contains("Allowed: another data folder (--data), a clock that starts later (--clock 2099-11-09T12:", errors);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_by_a_minute_does_not_stop_the_start()
    {
        using var folder = new TemporaryFolder();
        var ahead = DateTimeOffset.UtcNow.AddMinutes(1);
        await using (var server = await RunningServer.StartAsync(folder.Path, "--clock", $"{ahead:yyyy-MM-ddTHH:mm:ssZ}@1"))
            await server.Program.TerminateAsync();

        await using var again = await RunningServer.StartAsync(folder.Path);

        Assert.Equal(HttpStatusCode.Accepted, await again.ReportAsync(RunningServer.Person(1)));
    }

    [Fact]
    public async Task A_server_that_is_asked_to_end_answers_what_it_took_and_ends_well()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(folder.Path);
        var before = DateTimeOffset.UtcNow;
        var posts = Enumerable.Range(0, 200).Select(i => server.ReportAsync(RunningServer.Person(i))).ToList();
        _ = await Task.WhenAny(posts);

        await server.Program.TerminateAsync();

        Assert.Equal((0, ""), (server.Program.ExitCode, server.Program.Errors));
        var taken = (await Task.WhenAll(posts)).Count(s => s == HttpStatusCode.Accepted);
        await using var again = await RunningServer.StartAsync(folder.Path);
        Assert.Equal(taken, await again.CountAsync("chatgpt", before, before.AddHours(2)));
    }
}
