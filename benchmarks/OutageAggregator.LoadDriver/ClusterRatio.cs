using System.Globalization;

namespace OutageAggregator.LoadDriver;

/// <summary>
/// One node of a cluster against the embedded server, over SQLite and over Redis, with K0 as the yardstick of all, in turns; then the calls that the
/// grain of one hot region gets as the reports become more. Prints tables in Markdown.
/// </summary>
internal static class ClusterRatio
{
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(10);

    internal static async Task<int> RunAsync(int connections, int seconds, int rounds, int services, CancellationToken cancellation)
    {
        await using var redis = await RedisProcess.StartAsync(cancellation);
        await using var other = await RedisProcess.StartAsync(cancellation);
        await using var k0 = await Target.StartK0Async(cancellation);
        await using var sqlite = await Target.StartServerAsync(cancellation);
        await using var embedded = await Target.StartServerAsync(cancellation, "--storage", "redis", "--redis", other.Address);
        await using var node = await Target.StartNodeAsync(redis.Address, spool: false, cancellation);
        (string Name, Target Target, List<Run> Runs)[] all = [("K0", k0, []), ("embedded, SQLite", sqlite, []), ("embedded, Redis", embedded, []), ("one node", node, [])];
        foreach (var (_, target, _) in all)
            _ = await new Crowd(target, connections, services).RunAsync(TimeSpan.FromSeconds(2), cancellation);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (_, target, runs) in all)
                runs.Add(await new Crowd(target, connections, services).RunAsync(TimeSpan.FromSeconds(seconds), cancellation));
        }
        var reference = Median(all[0].Runs).PerSecond;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {connections} connections, {services} services | reports/s | of K0 | us CPU a report | p50 / p99 ms | not 202 |"));
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, _, runs) in all)
        {
            var run = Median(runs);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {run.PerSecond:N0} | {run.PerSecond / reference:F2} | {run.CpuMicroseconds:F1} | {run.P50:F1} / {run.P99:F1} | {runs.Sum(r => r.Others)} |"));
        }

        Console.WriteLine();
        Console.WriteLine("| reports/s asked, one region | reports | grain calls/s | grain calls per 1,000 reports | p50 / p99 ms | 200 | not 202 or 200 |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        using var client = new HttpClient { BaseAddress = node.Address };
        foreach (var perSecond in (int[])[100, 1_000, 10_000])
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var before = await Metrics.ReadAsync(client, "outage_grain_calls_total", cancellation) ?? 0;
            var crowd = new PacedCrowd(node, perSecond, services: 1, regions: 1);
            ending.CancelAfter(s_length);
            await crowd.RunAsync(ending.Token);
            var calls = (await Metrics.ReadAsync(client, "outage_grain_calls_total", cancellation) ?? 0) - before;
            var times = crowd.Presses.Select(p => p.Milliseconds).Order().ToArray();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {perSecond:N0} | {times.Length:N0} | {calls / s_length.TotalSeconds:F0} | {calls * 1_000 / times.Length:F0} | {times[times.Length / 2]:F1} / {times[times.Length * 99 / 100]:F1} | {crowd.Presses.Count(p => p.Status == 200)} | {crowd.Presses.Count(p => p.Status is not (202 or 200))} |"));
        }
        return 0;
    }

    private static Run Median(List<Run> runs) => runs.OrderBy(r => r.PerSecond).ElementAt(runs.Count / 2);
}
