using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.TestKit;

/// <summary>One node as a process of its own, as operators run it. It keeps its ports over a restart.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private const string Greeting = "OutageAggregator is at ";

    private readonly string _redis;
    private readonly string _folder;
    private readonly string _name;
    private readonly (string Name, string Value)[] _settings;
    private readonly int _siloPort = Ports.Free();
    private readonly int _port = Ports.Free();

    /// <summary>A node that is not started yet.</summary>
    /// <param name="redis">Where counts and membership are, or what stands before it.</param>
    /// <param name="folder">For its data folder, and the secrets that nodes share.</param>
    /// <param name="name">Of its data folder.</param>
    /// <param name="settings">More settings, by variable.</param>
    public ClusterNode(string redis, string folder, string name, params (string Name, string Value)[] settings) =>
        (_redis, _folder, _name, _settings) = (redis, folder, name, settings);

    /// <summary>The program that it runs: today's server, or the path of another build of it.</summary>
    public string Server { get; init; } = "Server";

    public ProgramProcess Program { get; private set; } = null!;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    /// <summary>Where the other nodes reach it.</summary>
    public string SiloAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_siloPort}");

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>Memory that the system holds for it, bytes.</summary>
    public long Memory
    {
        get
        {
            using var process = Process.GetProcessById(Program.Id);
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts nodes one after the other, each of them ready before the next.</summary>
    /// <param name="redis">Where counts and membership are.</param>
    /// <param name="folder">For their data folders, and the secrets they share.</param>
    /// <param name="count">How many.</param>
    /// <param name="settings">More settings, by variable.</param>
    public static Task<List<ClusterNode>> StartAsync(RedisServer redis, string folder, int count, params (string Name, string Value)[] settings) =>
        StartAsync(redis.Address, folder, count, settings);

    /// <summary>Starts nodes one after the other, each of them ready before the next.</summary>
    /// <param name="redis">Where counts and membership are, or what stands before it.</param>
    /// <param name="folder">For their data folders, and the secrets they share.</param>
    /// <param name="count">How many.</param>
    /// <param name="settings">More settings, by variable.</param>
    public static async Task<List<ClusterNode>> StartAsync(string redis, string folder, int count, params (string Name, string Value)[] settings)
    {
        var nodes = new List<ClusterNode>();
        for (var i = 1; i <= count; i++)
        {
            nodes.Add(new ClusterNode(redis, folder, string.Create(CultureInfo.InvariantCulture, $"node-{i}"), settings));
            await nodes[^1].StartAsync();
        }
        return nodes;
    }

    /// <summary>Starts its process, for the first time or again, and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        await BeginAsync();
        await UntilAsync(async () => (await Client.GetAsync(new Uri(Address, "/readyz"))).IsSuccessStatusCode);
    }

    /// <summary>Starts its process, for the first time or again, and waits until it listens: it may not be ready for as long as Redis is away.</summary>
    public async Task BeginAsync()
    {
        var environment = new Dictionary<string, string>
        {
            ["OUTAGE_Cluster__Address"] = "127.0.0.1",
            ["OUTAGE_Cluster__SiloPort"] = _siloPort.ToString(CultureInfo.InvariantCulture),
            ["OUTAGE_Cluster__Secrets"] = Path.Combine(_folder, "secrets"),
        };
        foreach (var (name, value) in _settings)
            environment[name] = value;
        Program = ProgramProcess.Start(
            Server, ["--urls", Address.ToString(), "--data", Path.Combine(_folder, _name), "--redis", _redis, "--trust-proxy", "127.0.0.1/32"], environment);
        _ = await Program.LineAsync(l => l.StartsWith(Greeting, StringComparison.Ordinal));
    }

    /// <summary>The first lines that it logged as failures of its own, with what follows each.</summary>
    public IEnumerable<string> Faults => LoggedFault.AllIn(Program.Output).Take(5).Select(f => $"{_name}: {f}");

    /// <summary>An answer of the API. What a busy machine did not read in time is asked for again, some times.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await Client.GetAsync(new Uri(Address, path));
            if (answer.IsSuccessStatusCode)
                return await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == 10)
                throw new InvalidOperationException($"{path} was answered {answer.StatusCode}, the {attempt}th time: {await answer.Content.ReadAsStringAsync()}");
            _ = await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>People are spread over many networks, of which each has a limit of its own.</summary>
    public static IPAddress AddressOf(int person) => new([(byte)(20 + (person % 100)), (byte)(person / 100 % 250), (byte)(person / 25_000), 1]);

    /// <summary>A report of one person, whom an address of their own stands for.</summary>
    public async Task<HttpResponseMessage> ReportAsync(int person, (string Service, string Region) pair)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/api/v1/reports"))
        {
            Content = new StringContent(string.Create(CultureInfo.InvariantCulture, $$"""{"service":"{{pair.Service}}","region":"{{pair.Region}}"}"""), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Forwarded-For", AddressOf(person).ToString());
        return await Client.SendAsync(request);
    }

    /// <summary>A number by its name and its labels, as <c>/metrics</c> shows it.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var line = (await Client.GetStringAsync(new Uri(Address, "/metrics"))).Split('\n').Single(l => l.StartsWith($"{name} ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Reports of each pair within an hour, as the series tell them. What it shows may be a second old.</summary>
    public async Task<Dictionary<(string Service, string Region), int>> CountAsync(IEnumerable<(string Service, string Region)> pairs, DateTimeOffset from)
    {
        var to = from.AddHours(1);
        var counted = new Dictionary<(string, string), int>();
        foreach (var (service, region) in pairs)
        {
            var series = await GetAsync($"/api/v1/services/{service}/series?step=1m&region={region}&from={from:yyyy-MM-ddTHH:mm:00Z}&to={to:yyyy-MM-ddTHH:mm:00Z}");
            counted[(service, region)] = series.GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("reports").GetInt32());
        }
        return counted;
    }

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
