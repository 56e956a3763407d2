using NodaTime;
using OutageAggregator.Core.Baselines;
using OutageAggregator.Core.Detection;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// Makes watches from what the stores hold, so that a restart, a new node or a first report starts with four weeks of history and a
/// full window. Nothing a watch knows is stored as such: only counts and events are facts.
/// <code>
///   now - 28 days            now - 4 h (to the half hour)          now
///   |--- half hours: baseline ---|--- minutes: closed one by one ---|
/// </code>
/// </summary>
public sealed class WatchLoader(ICountStore counts, IIncidentLog log, Catalog catalog, WatchSettings settings)
{
    private const int MostIncidents = 1_000;

    /// <summary>The baseline of a watch as learnt from the four weeks before a minute, its service's incidents left out.</summary>
    public async Task<Baseline> LoadBaselineAsync(WatchKey key, Minute asOf, CancellationToken cancellation)
    {
        var to = asOf.FloorTo(Baseline.SpanMinutes);
        var from = to - (Baseline.HistoryDays * Minute.PerDay);
        var observed = await counts.ReadObservedAsync(from, to, cancellation);
        var incidents = await log.FindAsync(new IncidentQuery(Service: key.Service, From: from, To: to, Limit: MostIncidents), cancellation);
        var spoilt = incidents.Select(i => Unlearnt(i, to)).ToList();
        var baseline = new Baseline(ZoneOf(key.Service));
        if (observed.Count == 0)
            return baseline;
        var reports = new Dictionary<Minute, int>();
        foreach (var point in await counts.ReadSeriesAsync(key, from, to, Baseline.SpanMinutes, default, cancellation))
            reports[point.Start] = point.Counts.Reporters;
        var stretch = 0;
        for (var start = Minute.Max(from, observed[0].From.FloorTo(Baseline.SpanMinutes)); start < to; start += Baseline.SpanMinutes)
        {
            var span = new MinuteRange(start, start + Baseline.SpanMinutes);
            while (stretch < observed.Count && observed[stretch].To <= span.From)
                stretch++;
            var minutes = 0;
            for (var i = stretch; i < observed.Count && observed[i].From < span.To; i++)
                minutes += Common(span, observed[i]);
            if (minutes > 0)
                baseline.Learn(start, reports.GetValueOrDefault(start), spoilt.Exists(s => Common(span, s) > 0) ? 0 : minutes);
        }
        return baseline;
    }

    /// <summary>The watches of a service, restored as if they had watched until the minute <paramref name="end"/>.</summary>
    internal async Task<(ServiceWatch Service, List<RegionWatch> Regions)> LoadAsync(ServiceSlug slug, Minute end, CancellationToken cancellation)
    {
        var start = WindowStart(end);
        var service = new ServiceWatch(
            slug,
            await LoadBaselineAsync(new WatchKey(slug, Region.World), start, cancellation),
            Detectors.Create(settings.Detector, Region.World),
            start);
        var incident = await log.ReadNewestIncidentAsync(slug, cancellation);
        var newest = await NewestAsync(slug, cancellation);
        if (newest is not null)
            service.Restore(newest, incident?.Event.Incident);

        var regions = new List<(RegionWatch Watch, Past Past)>();
        foreach (var (region, _) in await counts.ReadRegionsAsync(slug, end - (Baseline.HistoryDays * Minute.PerDay), end + Window.Capacity, cancellation))
            regions.Add(await StartRegionAsync(new WatchKey(slug, region), start, end, service.Mode, cancellation));
        var observed = await PastOf(new WatchKey(slug, Region.World), start, end, incident?.Event.Incident, cancellation);
        for (var minute = start; minute < end; minute++)
        {
            foreach (var (watch, past) in regions)
                service.Take(past.CloseOn(watch, minute));
            service.Close(observed.IsObserved(minute));
        }
        foreach (var (watch, past) in regions)
            past.RecordRest(watch);
        return (service, [.. regions.Select(r => r.Watch)]);
    }

    /// <summary>The watch of one more region, restored until the minute <paramref name="end"/>.</summary>
    internal async Task<RegionWatch> LoadRegionAsync(WatchKey key, Minute end, WatchMode mode, CancellationToken cancellation)
    {
        var start = WindowStart(end);
        var (watch, past) = await StartRegionAsync(key, start, end, mode, cancellation);
        for (var minute = start; minute < end; minute++)
            _ = past.CloseOn(watch, minute);
        past.RecordRest(watch);
        return watch;
    }

    private async Task<(RegionWatch Watch, Past Past)> StartRegionAsync(
        WatchKey key, Minute start, Minute end, WatchMode mode, CancellationToken cancellation)
    {
        var baseline = await LoadBaselineAsync(key, start, cancellation);
        var watch = new RegionWatch(key, baseline, Detectors.Create(settings.Detector, key.Region), start);
        watch.Follow(mode);
        var incident = await log.ReadNewestIncidentAsync(key.Service, cancellation);
        return (watch, await PastOf(key, start, end, incident?.Event.Incident, cancellation));
    }

    private async Task<Past> PastOf(WatchKey key, Minute start, Minute end, Incident? incident, CancellationToken cancellation)
    {
        // A resolved incident within the window is passed over: it is neither judged again nor learnt from.
        MinuteRange? over = incident is { State: IncidentState.Resolved } ? Unlearnt(incident, end) : null;
        return new Past(
            key.Region == Region.World ? [] : await counts.ReadSeriesAsync(key, start, end + (Window.Capacity - Window.Reach), 1, default, cancellation),
            await counts.ReadObservedAsync(start, end, cancellation),
            over);
    }

    private async Task<IncidentEvent?> NewestAsync(ServiceSlug slug, CancellationToken cancellation)
    {
        foreach (var logged in await log.ReadNewestAsync(cancellation))
        {
            if (logged.Event.Service == slug)
                return logged.Event;
        }
        return null;
    }

    // Aligned, so that every half hour is either the baseline's or the window's.
    private static Minute WindowStart(Minute end) => (end - Window.Reach).FloorTo(Baseline.SpanMinutes);

    // What a running watch would not have learnt from, either.
    private static MinuteRange Unlearnt(Incident incident, Minute now) => new(
        incident.StartedAt,
        Minute.Min(incident.EndedAt ?? now, incident.StartedAt + WatchMode.LongestUnlearntMinutes));

    private static int Common(MinuteRange a, MinuteRange b) => new MinuteRange(Minute.Max(a.From, b.From), Minute.Min(a.To, b.To)).Length;

    private DateTimeZone ZoneOf(ServiceSlug slug) =>
        catalog.Find(slug) is { } service && DateTimeZoneProviders.Tzdb.GetZoneOrNull(service.Zone) is { } zone ? zone : DateTimeZone.Utc;

    /// <summary>The minutes a watch missed, in the order in which they are closed.</summary>
    private sealed class Past(IReadOnlyList<SeriesPoint> points, IReadOnlyList<MinuteRange> observed, MinuteRange? over)
    {
        private int _next;

        internal RegionReading CloseOn(RegionWatch watch, Minute minute)
        {
            for (; _next < points.Count && points[_next].Start <= minute; _next++)
                watch.Record(points[_next].Start, points[_next].Counts);
            return watch.Close(IsObserved(minute));
        }

        /// <summary>What speaks of minutes that are still open.</summary>
        internal void RecordRest(RegionWatch watch)
        {
            for (; _next < points.Count; _next++)
                watch.Record(points[_next].Start, points[_next].Counts);
        }

        internal bool IsObserved(Minute minute)
        {
            if (over is { } incident && incident.Contains(minute))
                return false;
            foreach (var stretch in observed)
            {
                if (stretch.Contains(minute))
                    return true;
            }
            return false;
        }
    }
}
