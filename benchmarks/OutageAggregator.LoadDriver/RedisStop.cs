using System.Text.Json;

namespace OutageAggregator.LoadDriver;

/// <summary>
/// Redis stops without closing its sockets while people report: how long they wait for an answer, when the breaker shows at <c>/metrics</c>, what memory
/// it takes, and whether everybody is counted once when Redis goes on. Prints a table in Markdown, and ends with 1 where a bound was missed.
/// </summary>
internal static class RedisStop
{
    private const long MemoryBytes = 64 << 20;

    // What is asked of the product.
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_breaker = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(5);

    internal static async Task<int> RunAsync(int perSecond, TimeSpan stopped, bool spool, CancellationToken cancellation)
    {
        await using var redis = await RedisProcess.StartAsync(cancellation);
        var settings = Path.GetTempFileName();
        await File.WriteAllTextAsync(settings, $$"""{ "Spool": { "Enabled": {{(spool ? "true" : "false")}} } }""", cancellation);
        await using var server = await Target.StartServerAsync(null, cancellation, "--redis", redis.Address, "--settings", settings);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var from = DateTimeOffset.UtcNow;
        var crowd = new PacedCrowd(server, perSecond);
        var running = crowd.RunAsync(ending.Token);
        await Task.Delay(s_before, cancellation);
        // From here on it is full of what it was compiled to and of its first garbage.
        var memory = server.Memory;
        await redis.SignalAsync("STOP");
        var stoppedAt = crowd.Clock.Elapsed;
        var (breakerAfter, most) = await WatchAsync(client, server, crowd, stoppedAt + stopped, cancellation);
        var going = crowd.Clock.Elapsed;
        await redis.SignalAsync("CONT");
        await Task.Delay(s_after, cancellation);
        await ending.CancelAsync();
        await running;

        var again = crowd.Presses.Where(p => p.Status == 503).Select(p => p.Person).ToList();
        while (again.Count > 0)
            again = [.. (await crowd.AgainAsync(again)).Where(p => p.Status == 503).Select(p => p.Person)];
        while (await Metrics.ReadAsync(client, "outage_spool_waiting_reports", cancellation) is > 0)
            await Task.Delay(100, cancellation);
        await Task.Delay(1_500, cancellation);
        var counted = await CountAsync(client, from, cancellation);

        var during = crowd.Presses.Where(p => p.SentAt >= stoppedAt && p.SentAt < going).ToList();
        var times = during.Select(p => p.Milliseconds).Order().ToArray();
        Console.WriteLine("| Redis stopped for | spool | reports/s asked | POSTs meanwhile | 202 | 503 | other | p50 ms | p99 ms | max ms | over 1 s | breaker shown after ms | memory before MB | grew by MB | people | counted |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {stopped.TotalSeconds} s | {(spool ? "on" : "off")} | {perSecond} | {times.Length} | {during.Count(p => p.Status == 202)} | {during.Count(p => p.Status == 503)} | {during.Count(p => p.Status is not (202 or 503))} | {times[times.Length / 2]:F1} | {times[(int)(times.Length * 0.99)]:F1} | {times[^1]:F1} | {times.Count(t => t > 1_000)} | {breakerAfter?.TotalMilliseconds:F0} | {memory >> 20} | {(most - memory) / 1048576.0:F1} | {crowd.People} | {counted} |"));
        File.Delete(settings);
        List<string> missed =
        [
            .. counted == crowd.People ? (string[])[] : ["sums"],
            .. times[^1] <= s_answer.TotalMilliseconds ? (string[])[] : ["answers"],
            .. breakerAfter <= s_breaker ? (string[])[] : ["breaker"],
            .. most - memory < MemoryBytes ? (string[])[] : ["memory"],
        ];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"\nBounds: answers {s_answer.TotalMilliseconds} ms, breaker {s_breaker.TotalMilliseconds} ms, memory {MemoryBytes >> 20} MB, sums exact. Missed: {(missed.Count == 0 ? "none" : string.Join(", ", missed))}."));
        return missed.Count == 0 ? 0 : 1;
    }

    private static async Task<(TimeSpan? BreakerAfter, long Memory)> WatchAsync(HttpClient client, Target server, PacedCrowd crowd, TimeSpan until, CancellationToken cancellation)
    {
        var began = crowd.Clock.Elapsed;
        TimeSpan? breakerAfter = null;
        var most = 0L;
        while (crowd.Clock.Elapsed < until)
        {
            if (breakerAfter is null && await Metrics.ReadAsync(client, "outage_redis_breaker_open", cancellation) == 1)
                breakerAfter = crowd.Clock.Elapsed - began;
            most = Math.Max(most, server.Memory);
            await Task.Delay(20, cancellation);
        }
        return (breakerAfter, most);
    }

    private static async Task<long> CountAsync(HttpClient client, DateTimeOffset from, CancellationToken cancellation)
    {
        var counted = 0L;
        foreach (var service in Crowd.Services)
        {
            var series = JsonDocument.Parse(await client.GetStringAsync(
                $"/api/v1/services/{service}/series?step=1h&from={from:yyyy-MM-ddTHH:00:00Z}&to={from.AddHours(2):yyyy-MM-ddTHH:00:00Z}", cancellation));
            counted += series.RootElement.GetProperty("points").EnumerateArray().Sum(p => p.GetProperty("reports").GetInt64());
        }
        return counted;
    }
}
