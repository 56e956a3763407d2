using OutageAggregator.Core.Baselines;
using OutageAggregator.Core.Watching;

namespace OutageAggregator.Replay.Detect;

/// <summary>Recorded counts of one service, minute by minute.</summary>
/// <param name="Id">Its name in labels and detections.</param>
/// <param name="Zone">The zone of its day.</param>
/// <param name="Start">Minute 0.</param>
/// <param name="Length">Minutes.</param>
/// <param name="Read">The counts by minute; null in a gap. A <see cref="ReplayException"/> says where a file is wrong, and why.</param>
/// <param name="TimeOf">The minute at which something was said, as its corpus writes it, in JSON.</param>
internal sealed record RecordedSeries(
    string Id, DateTimeZone Zone, Minute Start, int Length, Func<MinuteCounts?[]> Read, Func<Minute, string> TimeOf);

/// <summary>What the product said of one series: when it called an outage, and when it called it over.</summary>
/// <param name="Start">The minute at which it said so; a decision that used minute t is known at t + 1.</param>
/// <param name="End">The minute at which it said it was over; null where it never did.</param>
/// <param name="Severity">As last told.</param>
internal sealed record Detection(Minute Start, Minute? End, double Severity);

/// <summary>
/// Runs the product's own watches over one series, minute by minute, as the server would: the counts of a minute, then its close,
/// then what the lifecycle makes of it. Nothing of the future is seen, and no clock is read.
/// </summary>
internal static class SeriesReplay
{
    internal static List<Detection> Run(RecordedSeries series, string detector) => Run(series, region => Detectors.Create(detector, region));

    internal static List<Detection> Run(RecordedSeries series, Func<Region, IDetector> newDetector)
    {
        var counts = series.Read();
        var key = new WatchKey(ServiceSlug.Parse("replayed"), Region.Unknown);
        var region = new RegionWatch(key, new Baseline(series.Zone), newDetector(key.Region), series.Start);
        var service = new ServiceWatch(key.Service, new Baseline(series.Zone), newDetector(Region.World), series.Start);
        var detections = new List<Detection>();
        for (var t = 0; t < counts.Length; t++)
        {
            if (counts[t] is { } count)
                region.Record(series.Start + t, count);
            service.Take(region.Close(counts[t] is not null));
            service.Close(counts[t] is not null);
            var plan = service.Plan();
            if (service.Commit(plan))
                region.Follow(service.Mode);
            foreach (var happened in plan.Events)
                Note(happened, detections);
        }
        return detections;
    }

    private static void Note(IncidentEvent happened, List<Detection> detections)
    {
        var at = Minute.Of(happened.At);
        var isOpen = detections.Count > 0 && detections[^1].End is null;
        if (happened.Status == ServiceStatus.Outage && !isOpen)
            detections.Add(new Detection(at, null, happened.Incident!.Severity));
        else if (happened.Kind == IncidentEventKind.Resolved)
            detections[^1] = detections[^1] with { End = at, Severity = happened.Incident!.Severity };
    }
}
