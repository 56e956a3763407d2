using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using OutageAggregator.Architecture.Tests.Deployment;
using OutageAggregator.Redis.Tests;

namespace OutageAggregator.Server.Tests.Deployment;

/// <summary>The processes of <c>docker-compose.yml</c> started by hand, with what their containers would give them.</summary>
public sealed class ContainerTests
{
    private const string ReporterKey = "reporter.key";
    private const string Greeting = "OutageAggregator is at ";

    private static readonly ComposeFile s_compose = ComposeFile.Read(Read("docker-compose.yml"));
    private static readonly Dockerfile s_dockerfile = Dockerfile.Read(Read("Dockerfile"));

    [Fact]
    public async Task The_embedded_node_starts_is_found_well_and_ends_when_it_is_asked_to()
    {
        using var volume = new TemporaryFolder();
        await using var node = ProgramProcess.Start("Server", [], Environment("server", "embedded", volume));
        var port = PortIn(await node.LineAsync(l => l.StartsWith(Greeting, StringComparison.Ordinal)));
        var (path, _) = CheckOf("embedded");

        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await HealthAsync(path, port)).ExitCode != 0)
            _ = await look.WaitForNextTickAsync();

        Assert.Equal((0, ""), await HealthAsync("/healthz", port));
        Assert.Equal((1, $"/nothing on port {port} answers 404\n"), await HealthAsync("/nothing", port));
        Assert.True(File.Exists(Path.Combine(volume.Path, "store", "outages.db")));
        await node.TerminateAsync();
        Assert.Equal((0, ""), (node.ExitCode, node.Errors));
        Assert.Equal(1, (await HealthAsync("/healthz", port)).ExitCode);
    }

    [Fact]
    public async Task Redis_takes_its_configuration_asks_for_its_password_and_keeps_what_was_answered()
    {
        RedisServer.SkipWhereMissing();
        using var folder = new TemporaryFolder();
        await MakeSecretsAsync(folder);
        var configuration = folder.File("redis.conf", AdaptedRedis(folder));
        var before = DateTimeOffset.UtcNow;
        int port;
        await using (var redis = await RedisServer.StartAsync("--include", configuration))
        {
            port = redis.Port;
            Assert.StartsWith("-NOAUTH", await redis.SayAsync("GET x"));
            Assert.Contains("+PONG", await redis.TellAsync("AUTH health any\r\nPING"));
            Assert.Contains("-NOPERM", await redis.TellAsync("AUTH health any\r\nGET x"));
            await using var node = await NodeAsync(folder, port);
            Assert.Equal(HttpStatusCode.Accepted, await node.ReportAsync(RunningServer.Person(1)));
            Assert.Equal(HttpStatusCode.Accepted, await node.ReportAsync(RunningServer.Person(2)));
        }

        // Killed, not asked: what it has is what its log holds.
        await using var again = await RedisServer.StartAsync(port, "--include", configuration);
        await using var other = await NodeAsync(folder, port);

        Assert.Equal(2, await other.CountAsync("chatgpt", before, before.AddHours(2)));
        var password = (await SecretAsync(folder, "redis-auth.conf")).Trim().Split(' ')[1];
        foreach (var (name, value) in ((string, string)[])[("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction"), ("save", "")])
            Assert.Contains($"\r\n{name}\r\n${value.Length}\r\n{value}\r\n", await again.TellAsync($"AUTH {password}\r\nCONFIG GET {name}"));
    }

    [Fact]
    public async Task Secrets_are_made_once_and_are_never_the_same()
    {
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await MakeSecretsAsync(one);
        await MakeSecretsAsync(other);

        Assert.NotEqual(await SecretAsync(one, "redis-auth.conf"), await SecretAsync(other, "redis-auth.conf"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(one.Path, "secrets")));
        Assert.Equal(32, new FileInfo(Path.Combine(one.Path, "secrets", ReporterKey)).Length);
        var (code, said) = await RunAsync("/bin/bash", Path.Combine(one.Path, "make-secrets.sh"));
        Assert.NotEqual(0, code);
        Assert.Contains("There are secrets in", said);
    }

    [Fact]
    public async Task The_reporter_key_of_a_node_that_grew_into_a_cluster_is_kept()
    {
        using var folder = new TemporaryFolder();
        _ = Directory.CreateDirectory(Path.Combine(folder.Path, "secrets"));
        _ = folder.File(Path.Combine("secrets", ReporterKey), "thirty-two bytes of another time");

        await MakeSecretsAsync(folder);

        Assert.Equal("thirty-two bytes of another time", await SecretAsync(folder, ReporterKey));
    }

    // A server in the place of a cluster's node: what both of them read, their containers must say right.
    private static async Task<RunningServer> NodeAsync(TemporaryFolder folder, int redis)
    {
        var settings = await SecretAsync(folder, "node-settings.json");
        Assert.Contains("\"redis:6379,", settings);
        var file = folder.File("node-settings.json", settings.Replace("\"redis:6379,", $"\"127.0.0.1:{redis.ToString(CultureInfo.InvariantCulture)},", StringComparison.Ordinal));
        var variables = Environment("cluster", "node1", folder).Where(v => !v.Key.StartsWith("OUTAGE_Cluster__", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        // The balancer's place is taken by the test, on this machine.
        variables["OUTAGE_Proxies__Trusted__0"] = "127.0.0.0/8";
        return await RunningServer.StartAsync(variables, "--settings", file);
    }

    private static Dictionary<string, string> Environment(string image, string service, TemporaryFolder volume)
    {
        var variables = s_dockerfile.VariablesOf(image);
        if (s_compose.Services[service].Has("environment"))
        {
            var own = s_compose.Services[service].Map("environment");
            foreach (var name in own.Keys)
                variables[name] = own.Text(name);
        }
        Assert.Equal(s_dockerfile.Last(image, "VOLUME"), variables["OUTAGE_Data"]);
        variables["OUTAGE_Data"] = volume.Path;
        Assert.EndsWith(":8080", variables["OUTAGE_Urls"]);
        variables["OUTAGE_Urls"] = variables["OUTAGE_Urls"].Replace(":8080", ":0", StringComparison.Ordinal);
        return variables;
    }

    private static string AdaptedRedis(TemporaryFolder folder)
    {
        var log = Directory.CreateDirectory(Path.Combine(folder.Path, "redis-data")).FullName;
        return Regex.Replace(Read("deploy/redis.conf"), "^(?:port|bind) .*$", "", RegexOptions.Multiline, TimeSpan.FromSeconds(1))
            .Replace("dir /data", $"dir {log}", StringComparison.Ordinal)
            .Replace("include /run/secrets/redis-auth", $"include {Path.Combine(folder.Path, "secrets", "redis-auth.conf")}", StringComparison.Ordinal);
    }

    private static async Task MakeSecretsAsync(TemporaryFolder folder)
    {
        var (code, said) = await RunAsync("/bin/bash", folder.File("make-secrets.sh", Read("deploy/make-secrets.sh")));
        Assert.True(code == 0, said);
    }

    private static Task<string> SecretAsync(TemporaryFolder folder, string name) => File.ReadAllTextAsync(Path.Combine(folder.Path, "secrets", name));

    private static (string Path, string Port) CheckOf(string service) =>
        s_compose.Services[service].Map("healthcheck").Texts("test") is ["CMD", "outage-health", var path, var port] ? (path, port) : throw new InvalidDataException($"{service} is not asked by outage-health.");

    private static Task<(int ExitCode, string Output)> HealthAsync(string path, string port) =>
        RunAsync("/bin/bash", ProgramProcess.RepositoryFile("deploy/health.sh"), path, port);

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, said[0] + said[1]);
    }

    private static string PortIn(string greeting) => Regex.Match(greeting, @":(?<port>\d+), data in ", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["port"].Value;

    private static string Read(string path) => File.ReadAllText(ProgramProcess.RepositoryFile(path));
}
