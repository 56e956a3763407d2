using OutageAggregator.Core.Baselines;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Reads how many more reporters an incident brought than were usual, in the observed minutes of [StartedAt, EndedAt), or until now
/// while it is open.
/// <para>
/// Decisions. Both sides are the whole service's, all regions together. Observed are the reporters that count for the detector: told in
/// time, each of them once in 30 minutes. (Its rule against few sources that send much cuts nothing here: the stores count one report a
/// reporter.) What was usual is what the chart shows, <see cref="UsualOfSpans"/> over one span, but learnt from the four weeks before the
/// onset only, so that it stays as it is while the incident goes on and afterwards. Gaps are left out of both. One look reads one series
/// and, unless it is kept, one baseline: too much for each line of a list, so only who asks for one incident is told.
/// </para>
/// </summary>
public sealed class ExcessReader(ICountStore counts, BaselineReader baselines, StorageSettings storage, TimeProvider clock)
{
    private readonly AnswerCache<Stretch, Excess?> _open = new(clock, RecentReader.Lifetime, 256);
    private readonly AnswerCache<Stretch, Excess?> _resolved = new(clock, TimeSpan.FromMinutes(1), 1_024);

    /// <summary>
    /// The excess of an incident; null where none of its minutes was observed, where nothing of the usual had been learnt before it, and
    /// where the counts it was learnt from are no longer kept.
    /// </summary>
    public ValueTask<Excess?> ReadAsync(Incident incident, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var kept = incident.EndedAt is null ? _open : _resolved;
        return kept.GetAsync(new Stretch(incident.Service, incident.StartedAt, incident.EndedAt), LookAsync, cancellation);
    }

    private async Task<Excess?> LookAsync(Stretch stretch)
    {
        var (from, now) = (stretch.From, clock.GetUtcNow());
        // Minutes stay observed for ever and their counts don't: learnt from, they would say that nobody ever reported.
        if ((from - (Baseline.HistoryDays * Minute.PerDay)).FloorTo(Baseline.SpanMinutes) < FirstMinuteKept(now))
            return null;
        // Of an open one the minutes that are over: of the one that goes on only a part is counted.
        var to = stretch.To ?? Minute.Of(now);
        if (to <= from)
            return null;
        var key = new WatchKey(stretch.Service, Region.World);
        var observed = await counts.ReadObservedAsync(from, to, CancellationToken.None);
        var (_, usual) = await new UsualOfSpans(baselines, key, observed, from).OverAsync(from, to);
        return usual is { } known ? Excess.Of(await ReportersAsync(key, from, to, observed), known) : null;
    }

    private async Task<long> ReportersAsync(WatchKey key, Minute from, Minute to, IReadOnlyList<MinuteRange> observed) =>
        (await counts.ReadSeriesAsync(key, from, to, 1, default, CancellationToken.None))
            .Where(p => observed.Any(o => o.Contains(p.Start))).Sum(p => (long)p.Counts.Reporters);

    private Minute FirstMinuteKept(DateTimeOffset now) => new(storage.FirstHourKept(now.ToUnixTimeMilliseconds()) * 60);

    private readonly record struct Stretch(ServiceSlug Service, Minute From, Minute? To);
}
