namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// What is common to all regions of a service over a stretch of the past: which minutes were observed, and which were incidents.
/// </summary>
/// <param name="from">The first minute of the stretch.</param>
/// <param name="to">The minute after it.</param>
/// <param name="observed">The observed stretches, ascending and disjoint.</param>
/// <param name="incidents">The incidents of the stretch, in any order.</param>
/// <param name="others">Incidents that others found: nothing is learnt from them, and they are not the watch's own otherwise.</param>
internal sealed class ServicePast(
    Minute from, Minute to, IReadOnlyList<MinuteRange> observed, IReadOnlyList<Incident> incidents, IReadOnlyList<MinuteRange> others)
{
    // An open incident is the watch's own to mark: it may go on.
    private readonly List<MinuteRange> _over = [.. incidents.Where(i => i.State == IncidentState.Resolved).Select(i => Unlearnt(i, to)), .. others];
    private readonly List<MinuteRange> _unlearnt = [.. incidents.Select(i => Unlearnt(i, to)), .. others];
    private int _stretch;

    internal Minute From => from;

    /// <summary>The incidents that are over, the oldest first.</summary>
    internal IEnumerable<Incident> Over => incidents.Where(i => i.State == IncidentState.Resolved).OrderBy(i => i.Id.Number);

    /// <summary>The first observed minute at or after one; the end of the past where there is none.</summary>
    internal Minute FirstObserved(Minute after) =>
        observed.Where(stretch => stretch.To > after).Select(stretch => Minute.Max(stretch.From, after)).FirstOrDefault(to);

    /// <summary>
    /// Whether a minute was observed, and whether it belongs to an incident that is over. To be asked in ascending order.
    /// </summary>
    internal (bool Observed, bool InIncident) At(Minute minute)
    {
        while (_stretch < observed.Count && observed[_stretch].To <= minute)
            _stretch++;
        return (_stretch < observed.Count && observed[_stretch].Contains(minute), _over.Exists(o => o.Contains(minute)));
    }

    /// <summary>
    /// The half hours of [first, end) with any observed minute, and how many of them a baseline may learn from: none in an incident.
    /// </summary>
    internal IEnumerable<(Minute Start, int Minutes)> Spans(Minute first, Minute end)
    {
        var stretch = 0;
        for (var start = first; start < end; start += Baseline.SpanMinutes)
        {
            var span = new MinuteRange(start, start + Baseline.SpanMinutes);
            while (stretch < observed.Count && observed[stretch].To <= span.From)
                stretch++;
            var minutes = 0;
            for (var i = stretch; i < observed.Count && observed[i].From < span.To; i++)
                minutes += Common(span, observed[i]);
            if (minutes > 0)
                yield return (start, _unlearnt.Exists(u => Common(span, u) > 0) ? 0 : minutes);
        }
    }

    // What a running watch would not have learnt from, either.
    internal static MinuteRange Unlearnt(Incident incident, Minute now) => new(
        incident.StartedAt,
        Minute.Min(incident.EndedAt ?? now, incident.StartedAt + WatchMode.LongestUnlearntMinutes));

    private static int Common(MinuteRange a, MinuteRange b) => new MinuteRange(Minute.Max(a.From, b.From), Minute.Min(a.To, b.To)).Length;
}
