namespace OutageAggregator.LoadDriver;

/// <summary>Reports a second of the server against K0, in turns, in one run; prints a table in Markdown.</summary>
internal static class PostRatio
{
    internal static async Task<int> RunAsync(int[] connections, int seconds, int rounds, int services, CancellationToken cancellation)
    {
        await using var k0 = await Target.StartK0Async(cancellation);
        await using var server = await Target.StartServerAsync(cancellation);
        Console.WriteLine("| connections | K0/s | server/s | ratio | K0 us CPU | server us CPU | server p50 / p99 ms | not 202 |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var count in connections)
        {
            var length = TimeSpan.FromSeconds(seconds);
            var (references, runs) = (new List<Run>(), new List<Run>());
            // Warm up both: the first requests compile what they run.
            _ = await new Crowd(k0, count, services).RunAsync(TimeSpan.FromSeconds(2), cancellation);
            _ = await new Crowd(server, count, services).RunAsync(TimeSpan.FromSeconds(2), cancellation);
            for (var round = 0; round < rounds; round++)
            {
                references.Add(await new Crowd(k0, count, services).RunAsync(length, cancellation));
                runs.Add(await new Crowd(server, count, services).RunAsync(length, cancellation));
            }
            var (reference, run) = (Median(references), Median(runs));
            Console.WriteLine(
                $"| {count} | {reference.PerSecond:N0} | {run.PerSecond:N0} | {run.PerSecond / reference.PerSecond:F2} | {reference.CpuMicroseconds:F1} | {run.CpuMicroseconds:F1} | {run.P50:F1} / {run.P99:F1} | {runs.Sum(r => r.Others)} |");
        }
        return 0;
    }

    private static Run Median(List<Run> runs) => runs.OrderBy(r => r.PerSecond).ElementAt(runs.Count / 2);
}
