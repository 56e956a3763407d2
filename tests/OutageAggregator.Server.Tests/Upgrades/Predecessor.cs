using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests.Upgrades;

/// <summary>
/// Today's server on a copy of what an earlier version left, with what that version answered about it: see tests/Fixtures/README.md.
/// </summary>
internal sealed class Predecessor : IAsyncDisposable
{
    // As record.sh has them: who sends a batch is part of its name, and only a server with a candidate detector shows what one has found.
    private const string Secret = "only-for-fixtures-of-the-tests";

    private readonly TemporaryFolder _folder;
    private readonly RedisServer? _redis;
    private readonly bool _hasSpool;

    private Predecessor(TemporaryFolder folder, RedisServer? redis, bool hasSpool, JsonElement expected)
    {
        _folder = folder;
        _redis = redis;
        _hasSpool = hasSpool;
        Expected = expected;
    }

    /// <summary>The versions of which something was kept: the folders of tests/Fixtures.</summary>
    public static IEnumerable<string> Versions =>
        Directory.GetDirectories(Fixtures).Where(d => File.Exists(Path.Combine(d, "sqlite", "expected.json"))).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    /// <summary>What expected.json says.</summary>
    public JsonElement Expected { get; }

    public RunningServer Server { get; private set; } = null!;

    private static string Fixtures => ProgramProcess.RepositoryFile("tests/Fixtures");

    /// <summary>Unpacks a copy and starts the server on it, on a clock shortly after the last report.</summary>
    /// <param name="version">One of <see cref="Versions"/>.</param>
    /// <param name="kind">"sqlite", "redis", or "spool": reports that the other version had accepted while its Redis was away.</param>
    public static async Task<Predecessor> OpenAsync(string version, string kind)
    {
        var fixture = Path.Combine(Fixtures, version, kind);
        var expected = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(fixture, "expected.json")));
        var folder = new TemporaryFolder();
        var archive = File.OpenRead(Path.Combine(fixture, "state.tar.gz"));
        await using (var packed = new GZipStream(archive, CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(packed, folder.Path, overwriteFiles: false);
        var redis = kind == "sqlite" ? null : await RedisServer.StartAsync("--dir", folder.Path);
        // The time that each key had left. The file holds keys that stay: Redis would have dropped the others by now.
        if (redis is not null)
            _ = await redis.TellAsync(string.Join("\r\n", await File.ReadAllLinesAsync(Path.Combine(folder.Path, "expiry.txt"))));
        var predecessor = new Predecessor(folder, redis, kind == "spool", expected);
        await predecessor.StartAsync();
        return predecessor;
    }

    /// <summary>Asks the server to end, and starts it again on the same data and clock.</summary>
    public async Task RestartAsync()
    {
        await Server.Program.TerminateAsync();
        await Server.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Reports a service as somebody with a certain address.</summary>
    public async Task<JsonElement> ReportAsync(string address, string service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = JsonContent.Create(new { service }) };
        request.Headers.Add("X-Forwarded-For", address);
        return await ReadAsync(request);
    }

    /// <summary>Sends a batch as the partner whom the other version knew.</summary>
    public async Task<JsonElement> SendAsync(string idempotencyKey, string lines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports/batch")
        {
            Content = new StringContent(lines, null, "application/x-ndjson"),
        };
        request.Headers.Add("Authorization", $"Bearer {Secret}");
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await ReadAsync(request);
    }

    /// <summary>How many reports a series has in all.</summary>
    public async Task<int> CountAsync(string series) =>
        (await Server.GetAsync(series)).GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("reports").GetInt32());

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        var data = Path.Combine(_folder.Path, "data");
        var settings = JsonSerializer.Serialize(new
        {
            Keys = (string[])[$"fixture ingest,admin key:{Secret}"],
            Watching = new { Shadow = "negative-binomial" },
            Spool = new { Enabled = _hasSpool },
        });
        string[] options = ["--settings", _folder.File("settings.json", settings), "--clock", Expected.GetProperty("clock").GetString()!];
        Server = _redis is null
            ? await RunningServer.StartAsync(data, options)
            : await RunningServer.StartOverRedisAsync(data, _redis.Address, options);
        if (_hasSpool)
            await Server.UntilAsync(async () => (await Server.Client.GetStringAsync("/metrics")).Split('\n').Any(IsOfAnEmptySpool));
        // What stood in the last minutes before the end is told once the watches have been woken.
        await Server.UntilAsync(async () => SeveritiesOf(await Server.GetAsync(Incidents)).SequenceEqual(SeveritiesOf(Expected.GetProperty("answers").GetProperty(Incidents))));
    }

    private const string Incidents = "/api/v1/incidents?limit=100";

    private static IEnumerable<double> SeveritiesOf(JsonElement incidents) => incidents.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("severity").GetDouble());

    private static bool IsOfAnEmptySpool(string metric) =>
        metric.StartsWith("outage_spool_waiting_reports", StringComparison.Ordinal) && metric.EndsWith(" 0", StringComparison.Ordinal);

    private async Task<JsonElement> ReadAsync(HttpRequestMessage request)
    {
        using var response = await Server.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{request.RequestUri}: {response.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }
}
