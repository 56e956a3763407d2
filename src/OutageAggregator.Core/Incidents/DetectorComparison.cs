using MathNet.Numerics.Statistics;

namespace OutageAggregator.Core.Incidents;

/// <summary>
/// What two detectors made of the same counts. Incidents of one service that overlap in time, of either detector, are one outage:
/// <code>
///   live        |--------------|            |----|
///   candidate     |---|   |---|                     |---|
///               one, found by both      only live   only the candidate
/// </code>
/// Pairing them one to one was rejected: a detector that cuts one outage in two would find one of them "alone". The pieces are told
/// instead.
/// </summary>
/// <param name="Both">Outages found by both.</param>
/// <param name="OnlyLive">Outages only the live detector found.</param>
/// <param name="OnlyCandidate">Outages only the candidate found.</param>
/// <param name="MedianDetectedMinutes">
/// Over what both found: minutes from the live detector's word to the candidate's, negative where that one was first; null without any.
/// </param>
/// <param name="MedianEndMinutes">The same of the ends, over what both saw end.</param>
/// <param name="Outages">All of them, the latest onset first.</param>
public sealed record DetectorComparison(
    int Both, int OnlyLive, int OnlyCandidate, double? MedianDetectedMinutes, double? MedianEndMinutes, IReadOnlyList<ComparedOutage> Outages)
{
    /// <summary>Compares two lists of incidents, each in any order.</summary>
    /// <param name="live">What the live detector found.</param>
    /// <param name="candidate">What the candidate found.</param>
    /// <param name="from">
    /// Outages that either noticed before this instant are left out: the other one was not there to notice them in time. So the lists
    /// should hold what lasted at that instant, too.
    /// </param>
    public static DetectorComparison Of(IEnumerable<Incident> live, IEnumerable<Incident> candidate, DateTimeOffset from)
    {
        var outages = live.Select(i => (Incident: i, IsLive: true)).Concat(candidate.Select(i => (Incident: i, IsLive: false)))
            .GroupBy(i => i.Incident.Service)
            .SelectMany(Overlapping)
            .Where(o => o.DetectedAt >= from)
            .OrderByDescending(o => o.StartedAt).ThenBy(o => o.Service)
            .ToList();
        var both = outages.Where(o => o.FoundBy == FoundBy.Both).ToList();
        return new DetectorComparison(
            both.Count, outages.Count(o => o.FoundBy == FoundBy.Live), outages.Count(o => o.FoundBy == FoundBy.Candidate),
            Median(both.Select(o => (o.Candidate!.DetectedAt - o.Live!.DetectedAt).TotalMinutes)),
            Median(both.Where(o => o.Live!.EndedAt is not null && o.Candidate!.EndedAt is not null)
                .Select(o => (double)(o.Candidate!.EndedAt!.Value - o.Live!.EndedAt!.Value))),
            outages);
    }

    private static IEnumerable<ComparedOutage> Overlapping(IGrouping<ServiceSlug, (Incident Incident, bool IsLive)> incidents)
    {
        var found = new List<(Incident Incident, bool IsLive)>();
        // An open incident has no end yet: it overlaps all that comes.
        var until = new Minute(int.MinValue);
        foreach (var next in incidents.OrderBy(i => i.Incident.StartedAt))
        {
            if (found.Count > 0 && next.Incident.StartedAt >= until)
            {
                yield return Outage(incidents.Key, found);
                found.Clear();
            }
            found.Add(next);
            until = Minute.Max(until, Until(next.Incident));
        }
        yield return Outage(incidents.Key, found);
    }

    // [start, end), of one minute at least: what was over at once overlaps what it lies in.
    private static Minute Until(Incident incident) =>
        incident.EndedAt is { } end ? Minute.Max(end, incident.StartedAt + 1) : new Minute(int.MaxValue);

    private static ComparedOutage Outage(ServiceSlug service, List<(Incident Incident, bool IsLive)> found) =>
        new(service, By(isLive: true, found), By(isLive: false, found));

    private static FoundOutage? By(bool isLive, List<(Incident Incident, bool IsLive)> found) =>
        found.Exists(f => f.IsLive == isLive) ? new FoundOutage([.. found.Where(f => f.IsLive == isLive).Select(f => f.Incident)]) : null;

    private static double? Median(IEnumerable<double> values) => values.Median() is var median && double.IsNaN(median) ? null : median;
}

/// <summary>Who found an outage.</summary>
public enum FoundBy : byte
{
    Both = 0,
    Live = 1,
    Candidate = 2,
}

/// <summary>One outage of one service, as either detector saw it; null where it did not.</summary>
public sealed record ComparedOutage(ServiceSlug Service, FoundOutage? Live, FoundOutage? Candidate)
{
    public FoundBy FoundBy => Candidate is null ? FoundBy.Live : Live is null ? FoundBy.Candidate : FoundBy.Both;

    /// <summary>The earlier onset.</summary>
    public Minute StartedAt => Minute.Min((Live ?? Candidate)!.StartedAt, (Candidate ?? Live)!.StartedAt);

    /// <summary>When the first of them said so.</summary>
    public DateTimeOffset DetectedAt => Live is null || Candidate?.DetectedAt < Live.DetectedAt ? Candidate!.DetectedAt : Live.DetectedAt;
}

/// <summary>An outage as one detector saw it.</summary>
/// <param name="Incidents">Its incidents in time order, one at least; more where it was taken for over too early.</param>
public sealed record FoundOutage(IReadOnlyList<Incident> Incidents)
{
    /// <summary>The first onset.</summary>
    public Minute StartedAt => Incidents[0].StartedAt;

    /// <summary>When it was first noticed.</summary>
    public DateTimeOffset DetectedAt => Incidents[0].DetectedAt;

    /// <summary>The last end; null while it goes on.</summary>
    public Minute? EndedAt => Incidents[^1].EndedAt;

    /// <summary>The worst minute.</summary>
    public Peak Peak => Incidents.MaxBy(i => i.Peak.ReportsPerMinute)!.Peak;
}
