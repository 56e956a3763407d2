using System.Net;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Deployment;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests.Deployment;

/// <summary>The processes of <c>docker-compose.yml</c> started by hand, with what their containers would give them.</summary>
[Collection("Keeps a pace")]
public sealed class ContainerTests
{
    private const string Greeting = "OutageAggregator is at ";

    [Fact]
    public async Task The_embedded_node_starts_is_found_well_and_ends_when_it_is_asked_to()
    {
        using var volume = new TemporaryFolder();
        await using var node = ProgramProcess.Start("Server", [], Containers.EnvironmentOf("server", "embedded", volume));
        var port = Containers.PortIn(await node.LineAsync(l => l.StartsWith(Greeting, StringComparison.Ordinal)));
        var (path, _) = Containers.CheckOf("embedded");

        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await Containers.HealthAsync(path, port)).ExitCode != 0)
            _ = await look.WaitForNextTickAsync();

        Assert.Equal((0, ""), await Containers.HealthAsync("/healthz", port));
        Assert.Equal((1, $"/nothing on port {port} answers 404\n"), await Containers.HealthAsync("/nothing", port));
        Assert.True(File.Exists(Path.Combine(volume.Path, "store", "outages.db")));
        await node.TerminateAsync();
        Assert.Equal((0, ""), (node.ExitCode, node.Errors));
        Assert.Equal(1, (await Containers.HealthAsync("/healthz", port)).ExitCode);
    }

    [Fact]
    public async Task Redis_takes_its_configuration_asks_for_its_password_and_keeps_what_was_answered()
    {
        RedisServer.SkipWhereMissing();
        using var folder = new TemporaryFolder();
        await Containers.MakeSecretsAsync(folder);
        var configuration = Containers.RedisConfiguration(folder);
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
        var password = (await Containers.SecretAsync(folder, "redis-auth.conf")).Trim().Split(' ')[1];
        foreach (var (name, value) in ((string, string)[])[("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction"), ("save", "")])
            Assert.Contains($"\r\n{name}\r\n${value.Length}\r\n{value}\r\n", await again.TellAsync($"AUTH {password}\r\nCONFIG GET {name}"));
    }

    [Fact]
    public async Task Secrets_are_made_once_and_are_never_the_same()
    {
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await Containers.MakeSecretsAsync(one);
        await Containers.MakeSecretsAsync(other);

        Assert.NotEqual(await Containers.SecretAsync(one, "redis-auth.conf"), await Containers.SecretAsync(other, "redis-auth.conf"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(one.Path, "secrets")));
        Assert.Equal(32, new FileInfo(Path.Combine(one.Path, "secrets", Containers.ReporterKey)).Length);
        var (code, said) = await Containers.RunAsync("/bin/bash", Path.Combine(one.Path, "make-secrets.sh"));
        Assert.NotEqual(0, code);
        Assert.Contains("There are secrets in", said);
    }

    [Fact]
    public async Task The_reporter_key_of_a_node_that_grew_into_a_cluster_is_kept()
    {
        using var folder = new TemporaryFolder();
        _ = Directory.CreateDirectory(Path.Combine(folder.Path, "secrets"));
        _ = folder.File(Path.Combine("secrets", Containers.ReporterKey), "thirty-two bytes of another time");

        await Containers.MakeSecretsAsync(folder);

        Assert.Equal("thirty-two bytes of another time", await Containers.SecretAsync(folder, Containers.ReporterKey));
    }

    // Alone over its Redis: what its container says of the cluster needs the others.
    private static async Task<RunningServer> NodeAsync(TemporaryFolder folder, int redis)
    {
        var variables = Containers.EnvironmentOf("server", "node1", folder).Where(v => !v.Key.StartsWith("OUTAGE_Cluster__", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        // The balancer's place is taken by the test, on this machine.
        variables["OUTAGE_Proxies__Trusted__0"] = "127.0.0.0/8";
        // Redis syncs its log with every batch, and a busy disk takes its time.
        variables["OUTAGE_Redis__HungMilliseconds"] = "2000";
        return await RunningServer.StartAsync(variables, "--settings", await Containers.NodeSettingsAsync(folder, redis));
    }
}
