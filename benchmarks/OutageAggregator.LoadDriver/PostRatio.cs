namespace OutageAggregator.LoadDriver;

/// <summary>Reports a second of the server, of other builds of it and of K0, in turns, in one run; prints a table in Markdown for each crowd.</summary>
internal static class PostRatio
{
    // The compiler works in the background for that long on what turns out to be hot, and takes a quarter of the machine meanwhile.
    private static readonly TimeSpan s_warming = TimeSpan.FromSeconds(25);

    /// <param name="connections">Connections at once, one table each.</param>
    /// <param name="length">Of one run.</param>
    /// <param name="rounds">Runs of each program.</param>
    /// <param name="services">Services that reports are spread over.</param>
    /// <param name="others">Assemblies of other builds.</param>
    /// <param name="overRedis">Over a Redis of its own each, instead of SQLite.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task<int> RunAsync(
        int[] connections, TimeSpan length, int rounds, int services, string[] others, bool overRedis, CancellationToken cancellation)
    {
        await using var all = new Programs();
        all.Add("K0", await Target.StartK0Async(cancellation));
        foreach (var assembly in (string?[])[null, .. others])
        {
            var redis = overRedis ? all.Add(await RedisProcess.StartAsync(cancellation)) : null;
            string[] arguments = redis is null ? [] : ["--storage", "redis", "--redis", redis.Address];
            all.Add(assembly ?? "this build", await Target.StartServerAsync(assembly, cancellation, arguments));
        }
        foreach (var count in connections)
        {
            await all.InTurnsAsync(target => new Crowd(target, count, services).RunAsync(s_warming, cancellation));
            all.Forget();
            for (var round = 0; round < rounds; round++)
                await all.InTurnsAsync(target => new Crowd(target, count, services).RunAsync(length, cancellation));
            all.Print(string.Create(CultureInfo.InvariantCulture, $"{count} connections, {services} services"));
        }
        return 0;
    }

    private sealed class Programs : IAsyncDisposable
    {
        private readonly List<(string Name, Target Target, List<Run> Runs)> _programs = [];
        private readonly List<RedisProcess> _redis = [];

        internal void Add(string name, Target target) => _programs.Add((name, target, []));

        internal RedisProcess Add(RedisProcess redis)
        {
            _redis.Add(redis);
            return redis;
        }

        internal void Forget() => _programs.ForEach(p => p.Runs.Clear());

        internal async Task InTurnsAsync(Func<Target, Task<Run>> press)
        {
            foreach (var (_, target, runs) in _programs)
                runs.Add(await press(target));
        }

        // The ratio is that of each round's pair, so that what the machine did meanwhile falls out; then the median of them.
        internal void Print(string crowd)
        {
            Console.WriteLine($"| {crowd} | reports/s | of K0 | of this build (least to most) | us CPU a report | bytes allocated a report | p50 / p99 ms | not 202 |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|");
            foreach (var (name, _, runs) in _programs)
            {
                var run = runs.OrderBy(r => r.PerSecond).ElementAt(runs.Count / 2);
                var ofK0 = Ratios(runs, _programs[0].Runs);
                var ofThis = Ratios(runs, _programs[1].Runs);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {run.PerSecond:N0} | {ofK0[ofK0.Length / 2]:F2} | {ofThis[ofThis.Length / 2]:F2} ({ofThis[0]:F2} to {ofThis[^1]:F2}) | {run.CpuMicroseconds:F1} | {run.Allocated?.ToString("N0", CultureInfo.InvariantCulture) ?? "not told"} | {run.P50:F1} / {run.P99:F1} | {runs.Sum(r => r.Others)} |"));
            }
            Console.WriteLine();
        }

        private static double[] Ratios(List<Run> runs, List<Run> to) => [.. runs.Zip(to, (a, b) => a.PerSecond / b.PerSecond).Order()];

        public async ValueTask DisposeAsync()
        {
            foreach (var (_, target, _) in _programs)
                await target.DisposeAsync();
            foreach (var redis in _redis)
                await redis.DisposeAsync();
        }
    }
}
