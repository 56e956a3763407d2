using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OutageAggregator.TestKit;

/// <summary>A server process on a free port of 127.0.0.1 that is ready for reports.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private const string Greeting = "OutageAggregator is at ";

    private RunningServer(ProgramProcess program, Uri address)
    {
        Program = program;
        Address = address;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = address };
    }

    public ProgramProcess Program { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <param name="data">Its data folder.</param>
    /// <param name="arguments">More of its command line.</param>
    public static Task<RunningServer> StartAsync(string data, params string[] arguments) =>
        StartAsync([], ["--urls", "http://127.0.0.1:0", "--data", data, "--trust-proxy", "127.0.0.1/32", .. arguments]);

    /// <summary>
    /// With its counts in a Redis, which may take two seconds to answer instead of the 0.9 that a busy machine doesn't always leave it: how fast
    /// it is given up is measured, not tested.
    /// </summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="arguments">More of its command line.</param>
    public static Task<RunningServer> StartOverRedisAsync(string data, string redis, params string[] arguments) => StartAsync(
        new Dictionary<string, string> { ["OUTAGE_Redis__HungMilliseconds"] = "2000" },
        ["--urls", "http://127.0.0.1:0", "--data", data, "--trust-proxy", "127.0.0.1/32", "--storage", "redis", "--redis", redis, .. arguments]);

    /// <param name="environment">Its variables, which say where it listens, too.</param>
    /// <param name="arguments">Its command line.</param>
    public static async Task<RunningServer> StartAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        var program = ProgramProcess.Start("Server", arguments, environment);
        try
        {
            var line = await program.LineAsync(l => l.StartsWith(Greeting, StringComparison.Ordinal));
            var server = new RunningServer(program, new Uri(line[Greeting.Length..].Split(',')[0].Replace("[::]", "127.0.0.1", StringComparison.Ordinal)));
            await server.UntilAsync(async () => (await server.Client.GetAsync("/readyz")).IsSuccessStatusCode);
            return server;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts a report as one person, known by an address.</summary>
    /// <returns>The status, or null where no answer came.</returns>
    public async Task<HttpStatusCode?> ReportAsync(IPAddress person, string service = "chatgpt", string region = "IT")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = JsonContent.Create(new { service, region }) };
        request.Headers.Add("X-Forwarded-For", person.ToString());
        try
        {
            using var response = await Client.SendAsync(request);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async Task<JsonElement> GetAsync(string address) => await Client.GetFromJsonAsync<JsonElement>(address);

    /// <summary>Incidents of a service, all of them.</summary>
    public async Task<List<JsonElement>> IncidentsAsync(string service) =>
        [.. (await GetAsync($"/api/v1/incidents?service={service}")).GetProperty("items").EnumerateArray()];

    /// <summary>All reports of a service from an instant on, as its series tells them.</summary>
    public async Task<int> CountAsync(string service, DateTimeOffset from, DateTimeOffset to) =>
        (await GetAsync($"/api/v1/services/{service}/series?step=1h&from={from:yyyy-MM-ddTHH:00:00Z}&to={to:yyyy-MM-ddTHH:00:00Z}"))
            .GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("reports").GetInt32());

    /// <summary>Asks every tenth of a second until the answer is yes.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            while (!await holds())
                await look.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"It did not come within five minutes.\n{Program.Output}\n{Program.Errors}", e);
        }
    }

    /// <summary>A person with an address of their own: 198.18.0.0/15 is set aside for measurements.</summary>
    public static IPAddress Person(int number) => new([198, (byte)(18 + (number >> 16 & 1)), (byte)(number >> 8), (byte)number]);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Program.DisposeAsync();
    }
}
