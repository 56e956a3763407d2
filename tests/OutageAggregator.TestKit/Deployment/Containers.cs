using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OutageAggregator.TestKit.Deployment;

/// <summary>What <c>docker-compose.yml</c>, the <c>Dockerfile</c> and <c>deploy</c> would give the processes in their containers, for those that a test starts by hand.</summary>
internal static class Containers
{
    public const string ReporterKey = "reporter.key";

    public static ComposeFile Compose { get; } = ComposeFile.Read(Read("docker-compose.yml"));

    private static readonly Dockerfile s_dockerfile = Dockerfile.Read(Read("Dockerfile"));

    /// <summary>The variables of a service's container, its data in the folder and its port any.</summary>
    public static Dictionary<string, string> EnvironmentOf(string image, string service, TemporaryFolder volume)
    {
        var variables = s_dockerfile.VariablesOf(image);
        if (Compose.Services[service].Has("environment"))
        {
            var own = Compose.Services[service].Map("environment");
            foreach (var name in own.Keys)
                variables[name] = own.Text(name);
        }
        Assert.Equal(s_dockerfile.Last(image, "VOLUME"), variables["OUTAGE_Data"]);
        variables["OUTAGE_Data"] = volume.Path;
        Assert.EndsWith(":8080", variables["OUTAGE_Urls"]);
        variables["OUTAGE_Urls"] = variables["OUTAGE_Urls"].Replace(":8080", ":0", StringComparison.Ordinal);
        return variables;
    }

    /// <summary>The path and the port by which a service's container is asked whether it is well.</summary>
    public static (string Path, string Port) CheckOf(string service) =>
        Compose.Services[service].Map("healthcheck").Texts("test") is ["CMD", "outage-health", var path, var port] ? (path, port) : throw new InvalidDataException($"{service} is not asked by outage-health.");

    public static Task<(int ExitCode, string Output)> HealthAsync(string path, string port) =>
        RunAsync("/bin/bash", ProgramProcess.RepositoryFile("deploy/health.sh"), path, port);

    /// <summary>The port that a server or a node says it listens at.</summary>
    public static string PortIn(string greeting)
    {
        var port = Regex.Match(greeting, @"^OutageAggregator is at http://\S+:(?<port>\d+), ", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Groups["port"].Value;
        Assert.NotEmpty(port);
        return port;
    }

    /// <summary>Runs <c>make-secrets.sh</c> in the folder, as one would in <c>deploy</c>.</summary>
    public static async Task MakeSecretsAsync(TemporaryFolder folder)
    {
        var (code, said) = await RunAsync("/bin/bash", folder.File("make-secrets.sh", Read("deploy/make-secrets.sh")));
        Assert.True(code == 0, said);
    }

    public static Task<string> SecretAsync(TemporaryFolder folder, string name) => File.ReadAllTextAsync(Path.Combine(folder.Path, "secrets", name));

    /// <summary>The secret settings of a node, with Redis on this machine.</summary>
    public static async Task<string> NodeSettingsAsync(TemporaryFolder folder, int redis)
    {
        var settings = await SecretAsync(folder, "node-settings.json");
        Assert.Contains("\"redis:6379,", settings);
        return folder.File("node-settings.json", settings.Replace("\"redis:6379,", $"\"127.0.0.1:{redis.ToString(CultureInfo.InvariantCulture)},", StringComparison.Ordinal));
    }

    /// <summary><c>redis.conf</c> with its data and its password in the folder, at whichever port.</summary>
    public static string RedisConfiguration(TemporaryFolder folder)
    {
        var log = Directory.CreateDirectory(Path.Combine(folder.Path, "redis-data")).FullName;
        return folder.File("redis.conf", Regex.Replace(Read("deploy/redis.conf"), "^(?:port|bind) .*$", "", RegexOptions.Multiline, TimeSpan.FromMinutes(1))
            .Replace("dir /data", $"dir {log}", StringComparison.Ordinal)
            .Replace("include /run/secrets/redis-auth", $"include {Path.Combine(folder.Path, "secrets", "redis-auth.conf")}", StringComparison.Ordinal));
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, said[0] + said[1]);
    }

    private static string Read(string path) => File.ReadAllText(ProgramProcess.RepositoryFile(path));
}
