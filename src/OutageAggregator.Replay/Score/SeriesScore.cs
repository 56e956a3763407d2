namespace OutageAggregator.Replay.Score;

/// <summary>What became of one required outage.</summary>
/// <param name="Delay">Minutes from its start to the incident's; null where it was missed.</param>
/// <param name="EndDelay">
/// Minutes from its end to the end of the last incident on it, negative when closed early; null where it was missed or never closed.
/// </param>
/// <param name="IsMasked">Missed because an incident was open already: the user saw nothing new.</param>
/// <param name="IsSecondPhaseCovered">An incident on it was open in its second phase; null where it has none.</param>
internal sealed record OutageScore(LabelledOutage Outage, double? Delay, double? EndDelay, bool IsMasked, bool? IsSecondPhaseCovered);

/// <summary>
/// One series scored event by event. The rules of the corpus, so that figures compare with those of other methods:
/// <list type="number">
/// <item>Incidents less than 5 minutes apart are one: chatter at the edge of a bucket, the only chatter that is forgiven.</item>
/// <item>Only incidents that start in the judged part count.</item>
/// <item>
/// Outages in time order take the earliest free incident that starts within [Start - 3 minutes, End]: what is said at the end was decided by
/// the outage's last minute.
/// </item>
/// <item>
/// Further incidents that start up to 30 minutes after the end of an outage that was found are flaps; of one that was missed, false.
/// </item>
/// <item>An incident open since before an outage does not find it: the outage is masked.</item>
/// <item>Incidents on outages that are not required are neither right nor wrong.</item>
/// <item>Every other incident is false, and is put down to the decoy whose [Start, End + 30 minutes) it starts in.</item>
/// </list>
/// </summary>
/// <param name="Outages">The required ones.</param>
/// <param name="Flaps">Incidents that said again what was said.</param>
/// <param name="Unclosed">Outages found whose incident was never closed.</param>
/// <param name="False">False incidents, by the decoy they fell for; "none" where there was nothing.</param>
internal sealed record SeriesScore(SeriesLabels Labels, ImmutableArray<OutageScore> Outages, int Flaps, int Unclosed, ImmutableArray<string> False)
{
    private const double Merge = 5;
    private const double Early = 3;
    private const double Tail = 30;

    private enum Use
    {
        Free = 0,
        BeforeJudged,
        Found,
        Flap,
        NotRequired,
    }

    internal static SeriesScore Of(SeriesLabels labels, IEnumerable<SaidIncident> said)
    {
        var incidents = Merged(labels, said);
        var found = new Dictionary<LabelledOutage, Incident>();
        foreach (var outage in labels.Outages)
        {
            if (incidents.Find(i => i.Use == Use.Free && i.Finds(outage)) is { } first)
            {
                first.Use = outage.IsRequired ? Use.Found : Use.NotRequired;
                found[outage] = first;
            }
        }
        var lastEnd = found.ToDictionary(f => f.Key, f => f.Value.End);
        var flaps = 0;
        foreach (var outage in labels.Outages.Where(found.ContainsKey))
        {
            foreach (var again in incidents.Where(i => i.Use == Use.Free && i.SaysAgain(outage)))
            {
                again.Use = outage.IsRequired ? Use.Flap : Use.NotRequired;
                flaps += outage.IsRequired ? 1 : 0;
                lastEnd[outage] = Math.Max(lastEnd[outage], again.End);
            }
        }
        var required = labels.Outages.Where(o => o.IsRequired).ToList();
        return new SeriesScore(
            labels, [.. required.Select(o => Judge(o, incidents, found.GetValueOrDefault(o), lastEnd.GetValueOrDefault(o)))],
            flaps, required.Count(o => found.TryGetValue(o, out var incident) && incident.IsOpen),
            [.. incidents.Where(i => i.Use == Use.Free).Select(i => BlameOf(labels, i.Start))]);
    }

    private static List<Incident> Merged(SeriesLabels labels, IEnumerable<SaidIncident> said)
    {
        var merged = new List<Incident>();
        foreach (var incident in said.OrderBy(s => s.Start))
        {
            var next = new Incident(incident.Start, incident.End ?? labels.Minutes, incident.End is null);
            if (merged.Count > 0 && next.Start - merged[^1].End < Merge)
                merged[^1] = merged[^1] with { End = Math.Max(merged[^1].End, next.End), IsOpen = merged[^1].IsOpen | next.IsOpen };
            else
                merged.Add(next);
        }
        foreach (var incident in merged.Where(i => i.Start < labels.EvaluatedFrom))
            incident.Use = Use.BeforeJudged;
        return merged;
    }

    private static OutageScore Judge(LabelledOutage outage, List<Incident> incidents, Incident? found, double lastEnd) => new(
        outage, found is null ? null : Math.Max(0, found.Start - outage.Start), found is null || found.IsOpen ? null : lastEnd - outage.End,
        found is null && incidents.Exists(i => i.Start < outage.Start - Early && i.End > outage.Start),
        outage.SecondPhase is { } second
            ? incidents.Exists(i => i.Use is Use.Found or Use.Flap && i.Start < second.To && i.End > second.From) : null);

    private static string BlameOf(SeriesLabels labels, double start) =>
        labels.Decoys.FirstOrDefault(d => d.Start <= start && start < d.End + Tail)?.Kind ?? "none";

    private sealed record Incident(double Start, double End, bool IsOpen)
    {
        internal Use Use { get; set; }

        internal bool Finds(LabelledOutage outage) => outage.Start - Early <= Start && Start <= outage.End;

        internal bool SaysAgain(LabelledOutage outage) => outage.Start - Early <= Start && Start < outage.End + Tail;
    }
}
