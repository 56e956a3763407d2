using NodaTime;
using OutageAggregator.Core.Baselines;
using OutageAggregator.Core.Detection;
using OutageAggregator.Core.Watching;

namespace OutageAggregator.Core.Tests.Watching;

/// <summary>
/// A service with the watches of its regions, fed minute by minute from rates, with seeded Poisson noise: what a host does, without one.
/// </summary>
internal sealed class Crowd
{
    internal static readonly Minute Monday = Minute.Of(new DateTimeOffset(2024, 10, 14, 0, 0, 0, TimeSpan.Zero));

    private readonly Random _random = new(20241108);
    private readonly Dictionary<Region, (RegionWatch Watch, double Rate)> _regions = [];

    /// <summary>A service that was watched for two weeks already.</summary>
    internal Crowd(params (string Region, double Rate)[] regions) : this(days: 14, regions)
    {
    }

    internal Crowd(int days, (string Region, double Rate)[] regions)
    {
        var start = Monday + (days * Minute.PerDay);
        Service = new ServiceWatch(
            ServiceSlug.Parse("chatgpt"), Taught(start, regions.Sum(r => r.Rate)), Detectors.Create(Detectors.Default, Region.World), start);
        foreach (var (code, rate) in regions)
        {
            var region = Region.Parse(code);
            var watch = new RegionWatch(
                new WatchKey(Service.Service, region), Taught(start, rate), Detectors.Create(Detectors.Default, region), start);
            _regions[region] = (watch, rate);
        }
    }

    internal ServiceWatch Service { get; }

    internal List<IncidentEvent> Log { get; } = [];

    internal Minute Now => Service.End;

    internal IncidentEvent Newest => Log[^1];

    internal Incident Incident => Log.Last(e => e.Incident is not null).Incident!;

    /// <summary>Incidents by their first event.</summary>
    internal int Incidents => Log.Count(e => e.Kind == IncidentEventKind.Opened);

    /// <summary>While true, the log can't be written.</summary>
    internal bool LogFails { get; set; }

    /// <summary>Lets minutes pass; each region's usual rate is multiplied, and more may be added to the rate of one.</summary>
    internal Crowd Pass(int minutes, double times = 1, string? region = null, double more = 0, bool observed = true)
    {
        for (var i = 0; i < minutes; i++)
        {
            foreach (var (where, (watch, rate)) in _regions)
            {
                var hit = region is null || where == Region.Parse(region);
                var count = observed ? Poisson((rate * (hit ? times : 1)) + (hit ? more : 0)) : 0;
                watch.Record(Now, new MinuteCounts(count, count, 0, 0));
            }
            Close(observed);
        }
        return this;
    }

    /// <summary>One minute in which something else was counted.</summary>
    internal Crowd OneMinute(string region, MinuteCounts counts)
    {
        _regions[Region.Parse(region)].Watch.Record(Now, counts);
        Close(observed: true);
        return this;
    }

    private Baseline Taught(Minute until, double rate)
    {
        var baseline = new Baseline(DateTimeZone.Utc);
        for (var span = Monday; span < until; span += Baseline.SpanMinutes)
            baseline.Learn(span, Poisson(rate * Baseline.SpanMinutes), Baseline.SpanMinutes);
        return baseline;
    }

    private void Close(bool observed)
    {
        foreach (var (watch, _) in _regions.Values)
            Service.Take(watch.Close(observed));
        Service.Close(observed);
        var plan = Service.Plan();
        if (LogFails && plan.Events.Count > 0)
            return;
        Log.AddRange(plan.Events);
        if (!Service.Commit(plan))
            return;
        foreach (var (watch, _) in _regions.Values)
            watch.Follow(Service.Mode);
    }

    // Knuth's method for small means, a rounded normal for large ones.
    private int Poisson(double mean)
    {
        if (mean > 50)
            return (int)Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()))));
        var count = 0;
        for (var product = _random.NextDouble(); product > Math.Exp(-mean); product *= _random.NextDouble())
            count++;
        return count;
    }
}
