using BenchmarkDotNet.Attributes;
using NodaTime;
using OutageAggregator.Core.Baselines;
using OutageAggregator.Core.Detection;
using OutageAggregator.Core.Watching;

namespace OutageAggregator.Benchmarks;

/// <summary>
/// What one report costs a watch, and what one minute of one watched series costs: window, baseline, verdict, lifecycle. The yardstick
/// is a dictionary lookup and an increment, the least that counting by key can cost.
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("watch")]
public class WatchBenchmarks
{
    private readonly Minute _monday = Minute.Of(new DateTimeOffset(2024, 10, 14, 0, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<WatchKey, int[]> _counters = [];
    private readonly Random _random = new(1);
    private WatchKey _key;
    private RegionWatch _region = null!;
    private ServiceWatch _service = null!;

    /// <summary>Reports a minute of the quiet series.</summary>
    [Params(0.1, 30)]
    public double Rate { get; set; }

    [GlobalSetup]
    public void Watch()
    {
        _key = new WatchKey(ServiceSlug.Parse("chatgpt"), Region.Parse("US"));
        _counters[_key] = new int[1];
        var start = _monday + (14 * Minute.PerDay);
        _region = new RegionWatch(_key, Taught(start), Detectors.Create(Detectors.Default, _key.Region), start);
        _service = new ServiceWatch(_key.Service, Taught(start), Detectors.Create(Detectors.Default, Region.World), start);
        for (var i = 0; i < 300; i++)
            OneMinute();
    }

    [Benchmark(Baseline = true)]
    public int Yardstick() => ++_counters[_key][0];

    [Benchmark]
    public void Record() => _region.Record(_region.End, new MinuteCounts(0, 0, 0, 0));

    /// <summary>A region and its service's sum: two series. Half of it is one minute of one series.</summary>
    [Benchmark]
    public void OneMinute()
    {
        var count = (int)(Rate * 2 * _random.NextDouble()) + (_random.NextDouble() < Rate % 1 ? 1 : 0);
        _region.Record(_region.End, new MinuteCounts(count, count, 0, 0));
        _service.Take(_region.Close(observed: true));
        _service.Close(observed: true);
        _ = _service.Commit(_service.Plan());
    }

    private Baseline Taught(Minute until)
    {
        var baseline = new Baseline(DateTimeZone.Utc);
        for (var span = _monday; span < until; span += Baseline.SpanMinutes)
            baseline.Learn(span, (int)(Rate * Baseline.SpanMinutes), Baseline.SpanMinutes);
        return baseline;
    }
}
