using NodaTime;
using OutageAggregator.Core.Detection;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// Makes watches from what the stores hold, so that a restart, a new node or a first report starts with four weeks of history, days of
/// experience of how the counts scatter, and a full window. Nothing a watch knows is stored as such: only counts and events are facts.
/// <code>
///   now - 28 days              now - 5 days               now - 4 h                now       (the latter two to the half hour)
///   |--- half hours: baseline ---|--- minutes: learnt from ---|--- minutes: judged ---|
/// </code>
/// The minutes of those days run through the watch as they did when they were new, but for the verdicts, which were logged then.
/// </summary>
public sealed class WatchLoader(ICountStore counts, IIncidentLog log, Catalog catalog, WatchSettings settings)
{
    private const int MostIncidents = 1_000;

    // A watch forgets half of what it knows of its noise in three days; five days hold two thirds of it, for a few milliseconds of work a
    // series at the start.
    private const int LearntDays = 5;

    // The reports of the half hour before came with it.
    private static readonly TimeSpan s_beforeListed = ReportRules.OncePer;

    /// <summary>
    /// A log of others, and until when what it found is left out of what is learnt here, too: this detector was not there then to find it.
    /// </summary>
    internal (IIncidentLog Log, Minute Until)? Earlier { get; init; }

    /// <summary>The baseline of a watch as learnt from the four weeks before a minute, its service's incidents left out.</summary>
    public async Task<Baseline> LoadBaselineAsync(WatchKey key, Minute asOf, CancellationToken cancellation)
    {
        var to = asOf.FloorTo(Baseline.SpanMinutes);
        return await LoadBaselineAsync(key, to, await ReadPastAsync(key.Service, FirstLearnt(to), to, cancellation), cancellation);
    }

    /// <summary>
    /// Judges again, from the stored minutes, what was judged when they were new: the watches are restored to the minute before, without
    /// what the log says of the incident and of later ones, and decide once more. They come to the same numbers, but for what changed since
    /// (reports taken back, minutes pruned) and for the noise, which a running watch remembers longer than a restored one.
    /// </summary>
    /// <returns>The opening of an incident as the stored minutes bring it about, or null where they don't any more.</returns>
    public async Task<Incident?> OpenAgainAsync(Incident incident, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var (service, _) = await LoadAsync(incident.Id.Service, Minute.Of(incident.DetectedAt), cancellation, incident.Id.Number);
        return service.Plan().Events.FirstOrDefault(e => e.Kind == IncidentEventKind.Opened && e.At == incident.DetectedAt)?.Incident;
    }

    /// <summary>The watches of a service, restored as if they had watched until the minute <paramref name="end"/>.</summary>
    /// <param name="slug">The service.</param>
    /// <param name="end">The minute that is going on.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="before">Incidents with this number and later ones are left out, as if they had not been yet.</param>
    internal async Task<(ServiceWatch Service, List<RegionWatch> Regions)> LoadAsync(
        ServiceSlug slug, Minute end, CancellationToken cancellation, int before = int.MaxValue)
    {
        var past = await ReadPastAsync(slug, FirstLearnt(end), end, cancellation, before);
        var judged = WindowStart(end);
        var start = LearntStart(past, judged);
        var world = new WatchKey(slug, Region.World);
        var service = new ServiceWatch(
            slug, await LoadBaselineAsync(world, start, past, cancellation), Detectors.Create(settings.DetectorOf(slug), Region.World), start);
        foreach (var incident in past.Over)
            service.Remember(incident);
        if (before == int.MaxValue && (await log.ReadNewestAsync(slug, cancellation))?.Event is { } newest)
            service.Restore(newest, newest.Incident ?? (await log.ReadNewestIncidentAsync(slug, cancellation))?.Event.Incident);

        var regions = new List<(RegionWatch Watch, PastCounts Counts)>();
        foreach (var (region, _) in await counts.ReadRegionsAsync(slug, FirstLearnt(end), end + Window.Capacity, cancellation))
            regions.Add(await StartRegionAsync(new WatchKey(slug, region), start, end, service.Mode, past, cancellation));
        var isSettled = true;
        for (var minute = start; minute < end; minute++)
        {
            // A day of many regions takes its time, in which a grain would answer nobody.
            if (minute.Number % Minute.PerDay == 0)
                await Task.Yield();
            var (observed, inIncident) = past.At(minute);
            // An incident that is over is not judged again.
            if (minute < judged || inIncident)
            {
                foreach (var (watch, minutes) in regions)
                    service.Take(minutes.UpTo(minute, watch).Pass(observed, inIncident));
                service.Pass(observed, inIncident);
            }
            else
            {
                foreach (var (watch, minutes) in regions)
                    service.Take(minutes.UpTo(minute, watch).Close(observed));
                service.Close(observed);
                isSettled = isSettled && service.Settle();
            }
        }
        foreach (var (watch, minutes) in regions)
            _ = minutes.UpTo(end + Window.Capacity, watch);
        return (service, [.. regions.Select(r => r.Watch)]);
    }

    /// <summary>
    /// The watch of one region by itself, restored as <see cref="LoadAsync"/> restores those of all regions together. One that nobody
    /// reported from for four weeks has a window to fill, and nothing to learn from.
    /// </summary>
    internal async Task<RegionWatch> LoadRegionAsync(WatchKey key, JoinPoint joined, CancellationToken cancellation)
    {
        var (end, mode) = joined;
        var halfHours = await counts.ReadSeriesAsync(key, FirstLearnt(end), end.FloorTo(Baseline.SpanMinutes), Baseline.SpanMinutes, default, cancellation);
        var past = await ReadPastAsync(key.Service, FirstLearnt(end), end, cancellation);
        var judged = WindowStart(end);
        var start = halfHours.Count == 0 ? judged : LearntStart(past, judged);
        var (watch, minutes) = await StartRegionAsync(key, start, end, mode, past, cancellation, halfHours);
        // Minutes before the window are learnt from only, and an incident that is over is not judged again.
        for (var minute = start; minute < end; minute++)
        {
            var (observed, inIncident) = past.At(minute);
            _ = minute < judged || inIncident ? minutes.UpTo(minute, watch).Pass(observed, inIncident) : minutes.UpTo(minute, watch).Close(observed);
        }
        return minutes.UpTo(end + Window.Capacity, watch);
    }

    private async Task<(RegionWatch Watch, PastCounts Counts)> StartRegionAsync(
        WatchKey key, Minute start, Minute end, WatchMode mode, ServicePast past, CancellationToken cancellation, IReadOnlyList<SeriesPoint>? halfHours = null)
    {
        var baseline = await LoadBaselineAsync(key, start, past, cancellation, halfHours);
        var watch = new RegionWatch(key, baseline, Detectors.Create(settings.DetectorOf(key.Service), key.Region), start);
        foreach (var incident in past.Over)
            watch.Follow(WatchMode.Of(incident));
        watch.Follow(mode);
        var to = end + (Window.Capacity - Window.Reach);
        return (watch, new PastCounts(await counts.ReadSeriesAsync(key, start, to, 1, default, cancellation)));
    }

    // The half hours may have been read already, and go further than what is learnt from.
    private async Task<Baseline> LoadBaselineAsync(
        WatchKey key, Minute to, ServicePast past, CancellationToken cancellation, IReadOnlyList<SeriesPoint>? halfHours = null)
    {
        var baseline = new Baseline(ZoneOf(key.Service));
        var from = past.FirstObserved(past.From).FloorTo(Baseline.SpanMinutes);
        if (from >= to)
            return baseline;
        var reports = new Dictionary<Minute, int>();
        foreach (var point in halfHours ?? await counts.ReadSeriesAsync(key, from, to, Baseline.SpanMinutes, default, cancellation))
            reports[point.Start] = point.Counts.Reporters;
        foreach (var (start, minutes) in past.Spans(from, to))
            baseline.Learn(start, reports.GetValueOrDefault(start), minutes);
        return baseline;
    }

    private async Task<ServicePast> ReadPastAsync(
        ServiceSlug slug, Minute from, Minute to, CancellationToken cancellation, int before = int.MaxValue) => new(
        from,
        to,
        SinceListed(await counts.ReadObservedAsync(from, to, cancellation), ListedAt(slug) - s_beforeListed),
        [.. (await log.FindAsync(new IncidentQuery(Service: slug, From: from, To: to, Limit: MostIncidents), cancellation)).Where(i => i.Id.Number < before)],
        await ReadEarlierAsync(slug, from, to, cancellation));

    private async Task<IReadOnlyList<MinuteRange>> ReadEarlierAsync(ServiceSlug slug, Minute from, Minute to, CancellationToken cancellation)
    {
        if (Earlier is not { } earlier || from >= earlier.Until)
            return [];
        var until = Minute.Min(to, earlier.Until);
        var found = await earlier.Log.FindAsync(new IncidentQuery(Service: slug, From: from, To: until, Limit: MostIncidents), cancellation);
        return [.. found.Select(i => ServicePast.Unlearnt(i, until)).Select(u => new MinuteRange(u.From, Minute.Min(u.To, until)))];
    }

    /// <summary>What was observed of a service: nothing before it was listed.</summary>
    internal static IReadOnlyList<MinuteRange> SinceListed(IReadOnlyList<MinuteRange> observed, DateTimeOffset? listedAt) =>
        listedAt is not { } at ? observed
            : [.. observed.Select(o => o with { From = Minute.Max(o.From, Minute.Of(at)) }).Where(o => o.Length > 0)];

    private DateTimeOffset? ListedAt(ServiceSlug slug) => catalog.Find(slug)?.ListedAt;

    // Aligned, so that every half hour is either the baseline's or the window's.
    private static Minute WindowStart(Minute end) => (end - Window.Reach).FloorTo(Baseline.SpanMinutes);

    private static Minute LearntStart(ServicePast past, Minute judged) =>
        Minute.Min(judged, past.FirstObserved(judged - (LearntDays * Minute.PerDay)).FloorTo(Baseline.SpanMinutes));

    private static Minute FirstLearnt(Minute end) => end.FloorTo(Baseline.SpanMinutes) - (Baseline.HistoryDays * Minute.PerDay);

    private DateTimeZone ZoneOf(ServiceSlug slug) =>
        catalog.Find(slug) is { } service && DateTimeZoneProviders.Tzdb.GetZoneOrNull(service.Zone) is { } zone ? zone : DateTimeZone.Utc;

    /// <summary>The stored counts of one region, in the order in which its watch takes them.</summary>
    private sealed class PastCounts(IReadOnlyList<SeriesPoint> points)
    {
        private int _next;

        internal RegionWatch UpTo(Minute minute, RegionWatch watch)
        {
            for (; _next < points.Count && points[_next].Start <= minute; _next++)
                watch.Record(points[_next].Start, points[_next].Counts);
            return watch;
        }
    }
}
