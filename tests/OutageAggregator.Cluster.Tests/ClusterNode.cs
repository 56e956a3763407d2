using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OutageAggregator.Redis.Tests;
using OutageAggregator.Server.Tests;

namespace OutageAggregator.Cluster.Tests;

/// <summary>One node as a process of its own, as operators run it. It keeps its ports over a restart.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private const string Greeting = "OutageAggregator is at ";

    private readonly RedisServer _redis;
    private readonly string _folder;
    private readonly string _name;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly int _siloPort = RedisServer.FreePort();
    private readonly int _port = RedisServer.FreePort();

    private ClusterNode(RedisServer redis, string folder, string name, IReadOnlyDictionary<string, string> settings) =>
        (_redis, _folder, _name, _settings) = (redis, folder, name, settings);

    public ProgramProcess Program { get; private set; } = null!;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>Starts nodes one after the other, each of them ready before the next.</summary>
    /// <param name="redis">Where counts and membership are.</param>
    /// <param name="folder">For their data folders, and the secrets they share.</param>
    /// <param name="count">How many.</param>
    /// <param name="settings">More settings, by variable.</param>
    public static async Task<List<ClusterNode>> StartAsync(RedisServer redis, string folder, int count, params (string Name, string Value)[] settings)
    {
        var nodes = new List<ClusterNode>();
        for (var i = 1; i <= count; i++)
        {
            nodes.Add(new ClusterNode(redis, folder, string.Create(CultureInfo.InvariantCulture, $"node-{i}"), settings.ToDictionary(s => s.Name, s => s.Value)));
            await nodes[^1].StartAsync();
        }
        return nodes;
    }

    /// <summary>Starts its process, for the first time or again.</summary>
    public async Task StartAsync()
    {
        var environment = new Dictionary<string, string>(_settings)
        {
            // Three nodes, Redis and a crowd on the cores of one machine: what is late here is the machine, and not Redis.
            ["OUTAGE_Redis__WriteMilliseconds"] = "2000",
            ["OUTAGE_Cluster__Address"] = "127.0.0.1",
            ["OUTAGE_Cluster__SiloPort"] = _siloPort.ToString(CultureInfo.InvariantCulture),
            ["OUTAGE_Cluster__Secrets"] = Path.Combine(_folder, "secrets"),
        };
        Program = ProgramProcess.Start(
            "Cluster", ["--urls", Address.ToString(), "--data", Path.Combine(_folder, _name), "--redis", _redis.Address, "--trust-proxy", "127.0.0.1/32"], environment);
        _ = await Program.LineAsync(l => l.StartsWith(Greeting, StringComparison.Ordinal));
        await UntilAsync(async () => (await Client.GetAsync(new Uri(Address, "/readyz"))).IsSuccessStatusCode);
    }

    /// <summary>The first lines that it logged as failures of its own, with what follows each.</summary>
    public IEnumerable<string> Faults
    {
        get
        {
            var lines = Program.Output.Split('\n');
            return Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith("fail:", StringComparison.Ordinal)).Take(5)
                .Select(i => $"{_name}: {string.Join(" | ", lines.Skip(i).Take(8))}");
        }
    }

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(new Uri(Address, path));

    /// <summary>Asks five times a second until the answer is yes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (!await holds())
            _ = await look.WaitForNextTickAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Program.DisposeAsync();
    }
}
