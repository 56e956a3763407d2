using System.Diagnostics;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Redis.Counts;
using OutageAggregator.Storage.Redis.Incidents;
using StackExchange.Redis;

namespace OutageAggregator.LoadDriver;

/// <summary>
/// What a report costs Redis, by how many come in a batch, against a bare pipelined HINCRBY a report on the same server, through the same client and in this
/// process. Prints a table in Markdown.
/// </summary>
internal static class RedisCost
{
    private const int Pairs = 200;
    private const int UnderWay = 64;

    internal static async Task<int> RunAsync(int rounds, CancellationToken cancellation)
    {
        await using var redis = await RedisProcess.StartAsync(cancellation);
        var settings = new RedisSettings { Connection = redis.Address, HungMilliseconds = 60_000 };
        await using var link = new RedisLink(settings);
        using var log = new RedisIncidentLog(link);
        var store = new RedisCountStore(link, log);
        var options = RedisConnection.OptionsOf(settings, "bare");
        // For INFO.
        options.AllowAdmin = true;
        await using var bare = await ConnectionMultiplexer.ConnectAsync(options);

        Console.WriteLine("| reports a batch | commands a batch | bytes in a batch | bytes in a report | bytes out a batch | us of Redis a report | reports/s | HINCRBY/s, same client | ratio | us of Redis a HINCRBY |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var size in (int[])[1, 10, 100, 1_000])
        {
            var batches = Math.Max(200, 100_000 / size);
            var ours = new List<Cost>();
            var theirs = new List<Cost>();
            for (var round = 0; round <= rounds; round++)
            {
                var count = batches;
                var cost = await MeasureAsync(bare, count * size, () => AppendAsync(store, count, size, round, cancellation));
                var reference = await MeasureAsync(bare, count * size, () => IncrementAsync(bare.GetDatabase(), count * size));
                // The first of each compiles what it runs.
                if (round == 0)
                    continue;
                ours.Add(cost);
                theirs.Add(reference);
            }
            var (own, its) = (Median(ours), Median(theirs));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size} | {own.Commands / (double)batches:F2} | {own.BytesIn / batches:N0} | {own.BytesIn / (double)(batches * size):F0} | {own.BytesOut / batches:N0} | {own.RedisMicroseconds:F2} | {own.PerSecond:N0} | {its.PerSecond:N0} | {own.PerSecond / its.PerSecond:F2} | {its.RedisMicroseconds:F2} |"));
        }
        return 0;
    }

    // As many under way as a busy server has: one batch of a key at a time.
    private static async Task AppendAsync(RedisCountStore store, int batches, int size, int round, CancellationToken cancellation)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, UnderWay).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number < batches)
                await AppendOneAsync(store, Batch(number, size, round), cancellation);
        }));
    }

    private static Task AppendOneAsync(RedisCountStore store, ReportBatch batch, CancellationToken cancellation) => store.AppendAsync(batch, cancellation);

    private static async Task IncrementAsync(IDatabase database, int count)
    {
        const int Pipelined = 1_000;
        for (var start = 0; start < count; start += Pipelined)
        {
            var under = new List<Task>(Pipelined);
            for (var i = start; i < Math.Min(start + Pipelined, count); i++)
                under.Add(database.HashIncrementAsync($"bare:{i % Pairs}", i % 60));
            await Task.WhenAll(under);
        }
    }

    private static ReportBatch Batch(int number, int size, int round)
    {
        var now = DateTimeOffset.UtcNow;
        var pair = number % Pairs;
        var key = new WatchKey(ServiceSlug.Parse($"service-{pair / 10}"), Region.Countries[pair % 10]);
        var reports = new Report[size];
        for (var i = 0; i < size; i++)
        {
            var cell = ReportCell.Of(ReportKind.Down, (Problem)(i % 4), (Surface)(i % 3));
            reports[i] = new Report(new Reporter((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64()), cell, Minute.Of(now));
        }
        return new ReportBatch(new BatchId(((UInt128)(ulong)round << 64) | ((UInt128)(uint)size << 32) | (uint)number), key, now, reports);
    }

    private static async Task<Cost> MeasureAsync(ConnectionMultiplexer multiplexer, int reports, Func<Task> work)
    {
        var server = multiplexer.GetServer(multiplexer.GetEndPoints()[0]);
        var before = await ReadAsync(server);
        var clock = Stopwatch.StartNew();
        await work();
        var took = clock.Elapsed;
        var after = await ReadAsync(server);
        // Less what the reading itself added.
        return new Cost(reports / took.TotalSeconds, after.Commands - before.Commands - 1, after.In - before.In, after.Out - before.Out, (after.Cpu - before.Cpu) * 1e6 / reports);
    }

    private static async Task<(long Commands, long In, long Out, double Cpu)> ReadAsync(IServer server)
    {
        var lines = (await server.InfoAsync()).SelectMany(g => g).ToDictionary(l => l.Key, l => l.Value, StringComparer.Ordinal);
        return (
            long.Parse(lines["total_commands_processed"], CultureInfo.InvariantCulture),
            long.Parse(lines["total_net_input_bytes"], CultureInfo.InvariantCulture),
            long.Parse(lines["total_net_output_bytes"], CultureInfo.InvariantCulture),
            double.Parse(lines["used_cpu_sys"], CultureInfo.InvariantCulture) + double.Parse(lines["used_cpu_user"], CultureInfo.InvariantCulture));
    }

    private static Cost Median(List<Cost> costs) => costs.OrderBy(c => c.PerSecond).ElementAt(costs.Count / 2);

    /// <param name="PerSecond">Reports a second.</param>
    /// <param name="Commands">That Redis was sent.</param>
    /// <param name="BytesIn">That Redis read.</param>
    /// <param name="BytesOut">That Redis wrote.</param>
    /// <param name="RedisMicroseconds">Of Redis' processor, a report.</param>
    private sealed record Cost(double PerSecond, long Commands, long BytesIn, long BytesOut, double RedisMicroseconds);
}
