using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Redis.Counts;
using OutageAggregator.Storage.Redis.Incidents;
using StackExchange.Redis;

namespace OutageAggregator.LoadDriver;

/// <summary>
/// One node over a Redis with many services that were all reported just now: how soon it accepts reports, what it logs, what memory it takes, and what
/// a withdrawal costs Redis, which must not depend on how many services there are. Prints a table in Markdown, and ends with 1 where a bound was missed.
/// </summary>
internal sealed class ManyServices(int services, int days, RedisProcess redis, string folder)
{
    private const int Few = 200;
    private const int UnderWay = 64;
    private const int Withdrawals = 10;
    private const long MemoryBytes = 1L << 30;

    private static readonly TimeSpan s_ready = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);
    private static readonly ReportCell s_cell = ReportCell.Of(ReportKind.Down, Problem.Login, Surface.Web);

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    internal static async Task<int> RunAsync(int services, int days, CancellationToken cancellation)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors for everything, {days} days of minutes\n"));
        Console.WriteLine("| active services | ready after s | first page ms | first report ms | all watched after s | warnings logged | memory of the node MB | memory of Redis MB | Redis commands a withdrawal, same process / another |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        var few = await MeasureAsync(Few, days, cancellation);
        var many = await MeasureAsync(services, days, cancellation);
        List<string> missed =
        [
            .. many.Ready < s_ready ? (string[])[] : ["ready"],
            .. many.Warnings.Count == 0 ? (string[])[] : ["warnings"],
            .. many.Memory < MemoryBytes ? (string[])[] : ["memory"],
            .. many.Commands == few.Commands ? (string[])[] : ["commands of a withdrawal"],
        ];
        Console.WriteLine($"\nBounds: ready within {s_ready.TotalSeconds} s, nothing lost or logged as a warning, {MemoryBytes >> 20} MB, as many commands as with {Few} services. Missed: {(missed.Count == 0 ? "none" : string.Join(", ", missed))}.");
        foreach (var warning in many.Warnings.Take(10))
            Console.WriteLine(warning);
        return missed.Count == 0 ? 0 : 1;
    }

    private static async Task<Cost> MeasureAsync(int services, int days, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("outages-load-").FullName;
        await using var redis = await RedisProcess.StartAsync(cancellation);
        try
        {
            return await new ManyServices(services, days, redis, folder).MeasureAsync(cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Cost> MeasureAsync(CancellationToken cancellation)
    {
        var settings = new RedisSettings { Connection = redis.Address, HungMilliseconds = 4_000 };
        var options = RedisConnection.OptionsOf(settings, "bare");
        // For INFO.
        options.AllowAdmin = true;
        await using var bare = await ConnectionMultiplexer.ConnectAsync(options);
        var server = bare.GetServer(bare.GetEndPoints()[0]);
        var (own, others) = await FillAsync(settings, server, cancellation);

        await using var node = new NodeProcess("node", folder, redis.Address, await WriteSettingsAsync(cancellation));
        var since = Stopwatch.GetTimestamp();
        var ready = await node.StartAsync(cancellation);
        var page = await TimeAsync(() => node.Client.GetStringAsync(new Uri(node.Address, "/"), cancellation));
        var report = await TimeAsync(async () =>
        {
            using var answer = await node.Client.PostAsJsonAsync(new Uri(node.Address, "/api/v1/reports"), new { service = SlugOf(0).ToString(), region = "IT" }, cancellation);
            return answer.EnsureSuccessStatusCode();
        });
        var watched = await QuietAsync(node, since, cancellation);
        var memory = node.Memory;
        var redisMemory = (await server.InfoAsync("memory")).SelectMany(g => g).First(l => l.Key == "used_memory").Value;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {services:N0} | {ready.TotalSeconds:F1} | {page.TotalMilliseconds:F0} | {report.TotalMilliseconds:F0} | {watched.TotalSeconds:F0} | {node.Warnings.Count} | {memory >> 20} | {long.Parse(redisMemory, CultureInfo.InvariantCulture) >> 20} | {own} / {others} |"));
        return new Cost(ready, memory, node.Warnings, (own, others));
    }

    /// <summary>Writes the reports of all services with the product's own store.</summary>
    /// <returns>The Redis commands of one withdrawal: by the process that took the report in, and by one that has seen nothing of its service.</returns>
    private async Task<(double Own, double Others)> FillAsync(RedisSettings settings, IServer server, CancellationToken cancellation)
    {
        await using var link = new RedisLink(settings);
        using var log = new RedisIncidentLog(link);
        var store = new RedisCountStore(link, log);
        var ids = new ReportId[services];
        var (first, end) = (Minute.Of(_now) - (days * Minute.PerDay), Minute.Of(_now));
        await store.ObserveAsync(new MinuteRange(first, end), cancellation);
        await Parallel.ForAsync(0, services, new ParallelOptions { MaxDegreeOfParallelism = UnderWay, CancellationToken = cancellation }, async (i, _) =>
        {
            var key = new WatchKey(SlugOf(i), Region.Countries[i % Region.Countries.Count]);
            // A few a day, each day at the same time.
            await store.ImportAsync(key, [.. Enumerable.Range(0, days * 4).Select(quarter => new CellCount(first + (quarter * 360) + (i % 360), s_cell, 1 + (i % 3)))], cancellation);
            var batch = new ReportBatch(BatchId.Of(_now, (ulong)i, key.Service), key, _now, [new Report(new Reporter(1, (ulong)i), s_cell, end)]);
            ids[i] = new ReportId(batch.Id, (await store.AppendAsync(batch, cancellation)).Receipts.Count - 1);
        });
        await using var otherLink = new RedisLink(settings);
        using var otherLog = new RedisIncidentLog(otherLink);
        return (
            await CommandsAsync(server, ids.Take(Withdrawals), id => store.WithdrawAsync(id, cancellation)),
            await CommandsAsync(server, ids.TakeLast(Withdrawals), id => new RedisCountStore(otherLink, otherLog).WithdrawAsync(id, cancellation)));
    }

    // The least of some: the clients' own heartbeats come between.
    private static async Task<double> CommandsAsync(IServer server, IEnumerable<ReportId> ids, Func<ReportId, Task<Withdrawal?>> withdraw)
    {
        var least = double.MaxValue;
        foreach (var id in ids)
        {
            var before = await CallsAsync(server);
            _ = await withdraw(id) ?? throw new InvalidOperationException("A report could not be taken back.");
            // Less what the reading itself added.
            least = Math.Min(least, await CallsAsync(server) - before - 1);
        }
        return least;
    }

    // cmdstat_get: calls=12,usec=...
    private static async Task<long> CallsAsync(IServer server) =>
        (await server.InfoAsync("commandstats")).SelectMany(g => g).Sum(l => long.Parse(l.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));

    private async Task<string> WriteSettingsAsync(CancellationToken cancellation)
    {
        var catalog = Path.Combine(folder, "catalog.json");
        await File.WriteAllTextAsync(catalog, JsonSerializer.Serialize(new
        {
            categories = new[] { new { code = "all", name = "All" } },
            families = Array.Empty<object>(),
            services = Enumerable.Range(0, services).Select(i => new { slug = SlugOf(i).ToString(), name = $"Service {i}", category = "all", zone = "Etc/UTC" }),
        }), cancellation);
        var path = Path.Combine(folder, "node.json");
        // Lost responses, which are told by a line of the product's own otherwise.
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new { Catalog = catalog, Logging = new { LogLevel = new Dictionary<string, string>(StringComparer.Ordinal) { ["Orleans.Messaging"] = "Warning" } } }), cancellation);
        return path;
    }

    // Watches are loaded in the background and take the processor for it; looks at the clock take little.
    private static async Task<TimeSpan> QuietAsync(NodeProcess node, long since, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_look);
        var (cpu, at, quiet) = (node.CpuTime, Stopwatch.GetElapsedTime(since), 0);
        var begun = at;
        while (quiet < 4 && at < s_patience && await timer.WaitForNextTickAsync(cancellation))
        {
            var (cpuNow, now) = (node.CpuTime, Stopwatch.GetElapsedTime(since));
            quiet = (cpuNow - cpu) / (now - at) < 0.5 ? quiet + 1 : 0;
            begun = quiet == 0 ? now : begun;
            (cpu, at) = (cpuNow, now);
        }
        return begun;
    }

    private static async Task<TimeSpan> TimeAsync<T>(Func<Task<T>> ask)
    {
        var since = Stopwatch.GetTimestamp();
        _ = await ask();
        return Stopwatch.GetElapsedTime(since);
    }

    private static ServiceSlug SlugOf(int number) => ServiceSlug.Parse(string.Create(CultureInfo.InvariantCulture, $"service-{number}"));

    /// <param name="Ready">How soon the node accepted reports.</param>
    /// <param name="Memory">That it holds once all is watched, bytes.</param>
    /// <param name="Warnings">What it logged as warnings and worse.</param>
    /// <param name="Commands">Of Redis for a withdrawal: by the process that took the report in, and by another one.</param>
    private sealed record Cost(TimeSpan Ready, long Memory, IReadOnlyList<string> Warnings, (double Own, double Others) Commands);
}
