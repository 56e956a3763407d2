using System.Diagnostics;
using System.Text.Json;

namespace OutageAggregator.LoadDriver;

/// <summary>
/// Three nodes over one Redis, with the settings as shipped, while people report at a steady rate: first without a fault, then while a node is killed,
/// a node hangs, and Redis is killed. Prints a table in Markdown, and ends with 1 where a bound was missed.
/// </summary>
internal sealed class ThreeNodes(RedisProcess redis, IReadOnlyList<NodeProcess> nodes, int perSecond, TimeSpan length)
{
    private const int ServicesAPhase = 20;
    private const string GivenUp = "was given up";

    private static readonly TimeSpan s_longestFailing = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan s_longestUntilGivenUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);
    private static readonly string[] s_regions = ["IT", "ES", "US", "DE", "FR", "GB", "BR", "IN", "JP", "CA"];

    private readonly List<string> _missed = [];
    private readonly DateTimeOffset _from = DateTimeOffset.UtcNow;

    internal static async Task<int> RunAsync(int perSecond, TimeSpan length, string fsync, bool busy, string faults, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("outages-load-").FullName;
        await using var redis = await RedisProcess.StartAsync(cancellation, fsync);
        NodeProcess[] nodes = [.. Enumerable.Range(1, 3).Select(i => new NodeProcess($"node-{i}", folder, redis.Address))];
        try
        {
            foreach (var node in nodes)
                _ = await node.StartAsync(cancellation);
            using var other = busy ? BusyProcess.Start() : null;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors for everything, appendfsync {fsync}{(busy ? ", beside a process that takes a whole core" : "")}\n"));
            return await new ThreeNodes(redis, nodes, perSecond, length).RunAsync(faults, cancellation);
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> RunAsync(string faults, CancellationToken cancellation)
    {
        var services = await ReadServicesAsync(cancellation);
        (string Name, string? Kind, int Rate, Func<Fault, CancellationToken, Task>? Fault)[] phases =
        [
            // Nodes that were started a moment ago still compile; the driver and Redis have the same two cores.
            ("just started, a quarter of the rate", null, perSecond / 4, null),
            ("without a fault", null, perSecond, null),
            ("kill -9 of a node, started again after 15 s", "node", perSecond, KillNodeAsync),
            ("SIGSTOP of a node for 30 s", "hang", perSecond, StopNodeAsync),
            ("kill -9 of Redis, started again after 3 s", "redis", perSecond, KillRedisAsync),
        ];
        Console.WriteLine("| phase | reports/s | attempts | 202 | 200 | 503 | no answer | p50 / p99 / max ms | longest failing stretch s | longest wait s | given up after s | Redis back after s | people | counted | services | incidents |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (i, (name, kind, rate, fault)) in phases.Index())
        {
            if (kind is null || faults == "all" || faults == kind)
                await RunAsync(name, rate, fault, services[(i * ServicesAPhase)..((i + 1) * ServicesAPhase)], cancellation);
        }
        Console.WriteLine($"\nBounds: longest failing stretch {s_longestFailing.TotalSeconds} s; a lost node given up within {s_longestUntilGivenUp.TotalSeconds} s and no other; without a fault 202 alone; sums exact, an incident a service. Missed: {(_missed.Count == 0 ? "none" : string.Join("; ", _missed))}.");
        return _missed.Count == 0 ? 0 : 1;
    }

    private async Task RunAsync(string name, int rate, Func<Fault, CancellationToken, Task>? fault, string[] services, CancellationToken cancellation)
    {
        foreach (var node in nodes)
            await node.ReadyAsync(cancellation);
        using var crowd = new RetryingCrowd([.. nodes.Select(n => n.Address)], services, s_regions);
        var happened = new Fault { At = Stopwatch.GetTimestamp() };
        await Task.WhenAll(crowd.RunAsync(rate, length, cancellation), fault?.Invoke(happened, cancellation) ?? Task.CompletedTask);
        var givenUp = happened.Node is { } lost
            ? nodes.Where(n => n != lost).Max(n => n.SaidAfter(happened.At, GivenUp) ?? TimeSpan.MaxValue)
            : nodes.Select(n => n.SaidAfter(happened.At, GivenUp)).Max();
        var counted = await CountAsync(services, crowd, cancellation);
        var incidents = await ReadIncidentsAsync(services, cancellation);

        var (times, answers) = (crowd.Times, crowd.Answers);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {rate:N0} | {answers.Values.Sum()} | {Of("202")} | {Of("200")} | {Of("503")} | {Of("none")} | {times[times.Length / 2]:F1} / {times[times.Length * 99 / 100]:F1} / {times[^1]:F0} | {crowd.LongestFailing.TotalSeconds:F1} | {crowd.LongestWait.TotalSeconds:F1} | {(givenUp == TimeSpan.MaxValue ? "never" : givenUp?.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture))} | {happened.Back?.TotalSeconds:F1} | {crowd.People} | {counted.Values.Sum()} | {services.Length} | {incidents.Count} |"));
        Bound(crowd.LongestFailing < s_longestFailing, "failing stretch");
        Bound(answers.Keys.All(k => k is "202" or "200" or "503" or "none"), $"answers {string.Join(", ", answers.Keys)}");
        Bound(services.All(s => counted[s] == crowd.Accepted.GetValueOrDefault(s)) && crowd.Accepted.Values.Sum() == crowd.People, "sums");
        Bound(incidents.Order(StringComparer.Ordinal).SequenceEqual(services.Order(StringComparer.Ordinal), StringComparer.Ordinal), "incidents");
        Bound(fault is not null || answers.Keys.All(k => k == "202"), "answers");
        Bound(happened.Node is null ? givenUp is null : givenUp < s_longestUntilGivenUp, "nodes given up");

        int Of(string status) => answers.GetValueOrDefault(status);

        void Bound(bool isKept, string what)
        {
            if (!isKept)
                _missed.Add($"{what} ({name})");
        }
    }

    private async Task KillNodeAsync(Fault fault, CancellationToken cancellation)
    {
        await Task.Delay(s_before, cancellation);
        fault.Happens(nodes[2]);
        await nodes[2].KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(15), cancellation);
        _ = await nodes[2].StartAsync(cancellation);
    }

    private async Task StopNodeAsync(Fault fault, CancellationToken cancellation)
    {
        await Task.Delay(s_before, cancellation);
        fault.Happens(nodes[1]);
        await nodes[1].SignalAsync("STOP");
        await Task.Delay(TimeSpan.FromSeconds(30), cancellation);
        await nodes[1].ResumeAsync(cancellation);
    }

    private async Task KillRedisAsync(Fault fault, CancellationToken cancellation)
    {
        await Task.Delay(s_before, cancellation);
        fault.Happens(node: null);
        await redis.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
        await redis.StartAgainAsync(cancellation);
        fault.Ended();
    }

    // What an answer shows may be a second old.
    private async Task<Dictionary<string, int>> CountAsync(string[] services, RetryingCrowd crowd, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_look);
        for (var tries = 0; ; tries++)
        {
            var counted = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var service in services)
            {
                using var series = await ReadAsync(
                    $"/api/v1/services/{service}/series?step=1m&from={_from.AddMinutes(-1):yyyy-MM-ddTHH:mm:00Z}&to={_from.AddHours(6):yyyy-MM-ddTHH:mm:00Z}", cancellation);
                counted[service] = series.RootElement.GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("reports").GetInt32());
            }
            if (tries == 10 || services.All(s => counted[s] == crowd.Accepted.GetValueOrDefault(s)))
                return counted;
            _ = await timer.WaitForNextTickAsync(cancellation);
        }
    }

    // The last of them may be seen only in the minutes that end after the crowd has gone; one too many comes with the others or never.
    private async Task<List<string>> ReadIncidentsAsync(string[] services, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_look);
        for (var tries = 0; ; tries++)
        {
            using var page = await ReadAsync($"/api/v1/incidents?limit=100&from={_from.AddHours(-1):yyyy-MM-ddTHH:mm:00Z}", cancellation);
            List<string> found = [.. page.RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("service").GetString()!).Where(services.Contains)];
            if (tries == 300 || found.Distinct(StringComparer.Ordinal).Count() == services.Length)
                return found;
            _ = await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private async Task<JsonDocument> ReadAsync(string path, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_look);
        for (var tries = 0; ; tries++)
        {
            using var answer = await nodes[0].Client.GetAsync(new Uri(nodes[0].Address, path), cancellation);
            if (answer.IsSuccessStatusCode || tries == 20)
                return await JsonDocument.ParseAsync(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            _ = await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private static async Task<string[]> ReadServicesAsync(CancellationToken cancellation)
    {
        await using var file = File.OpenRead(Target.RepositoryFile("data/catalog.json"));
        using var catalog = await JsonDocument.ParseAsync(file, cancellationToken: cancellation);
        return [.. catalog.RootElement.GetProperty("services").EnumerateArray().Select(s => s.GetProperty("slug").GetString()!)];
    }

    /// <summary>What happens in a phase, and when it began.</summary>
    private sealed class Fault
    {
        internal long At { get; set; }

        /// <summary>The node that is lost, if any.</summary>
        internal NodeProcess? Node { get; private set; }

        /// <summary>When Redis, which reads its log first, took connections again; null where it was not gone.</summary>
        internal TimeSpan? Back { get; private set; }

        internal void Ended() => Back = Stopwatch.GetElapsedTime(At);

        internal void Happens(NodeProcess? node) => (At, Node) = (Stopwatch.GetTimestamp(), node);
    }
}
