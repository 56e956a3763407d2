namespace OutageAggregator.Runtime.Reading;

/// <summary>The last 15 minutes of one service: what situations and service pages are told from.</summary>
/// <param name="LookedAt">When the look at the store began; long ago where the store is away.</param>
/// <param name="Range">The 15 minutes, the current one included.</param>
/// <param name="World">All regions together.</param>
/// <param name="Regions">Each region with any count.</param>
/// <param name="Cells">All regions together, by cell.</param>
internal sealed record Recent(
    DateTimeOffset LookedAt, MinuteRange Range, MinuteCounts World, IReadOnlyList<RegionTotal> Regions, IReadOnlyList<CellTotal> Cells)
{
    public MinuteCounts In(Region region) =>
        region == Region.World ? World : Regions.Where(r => r.Region == region).Select(r => r.Counts).FirstOrDefault();
}

/// <summary>The last 15 minutes of every service with any count, all regions together.</summary>
/// <param name="LookedAt">When the look at the store began; long ago where the store is away.</param>
/// <param name="Range">The 15 minutes, the current one included.</param>
/// <param name="Services">What was counted in them.</param>
internal sealed record RecentOfAll(DateTimeOffset LookedAt, MinuteRange Range, ImmutableDictionary<ServiceSlug, MinuteCounts> Services);

/// <summary>Reads the last 15 minutes of a service, once a second at most however many ask.</summary>
public sealed class RecentReader(ICountStore counts, TimeProvider clock)
{
    /// <summary>How long an answer about the present serves.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly AnswerCache<ServiceSlug, Recent> _services = new(clock, Lifetime, 1_024, keepsLast: true);
    private readonly AnswerCache<bool, RecentOfAll> _all = new(clock, Lifetime, 1, keepsLast: true);

    internal ValueTask<Recent> ReadAsync(ServiceSlug service, CancellationToken cancellation) =>
        _services.GetAsync(service, LookAsync, cancellation);

    /// <summary>What is read from now on is not older than this call.</summary>
    internal void Forget(ServiceSlug service) => _services.Forget(service);

    /// <summary>The last 15 minutes of every service with any count, from one look at the store.</summary>
    internal ValueTask<RecentOfAll> ReadAllAsync(CancellationToken cancellation) =>
        _all.GetAsync(true, _ => LookAtAllAsync(), cancellation);

    private async Task<Recent> LookAsync(ServiceSlug service)
    {
        var now = clock.GetUtcNow();
        var range = Last15(now);
        var regions = await counts.ReadRegionsAsync(service, range.From, range.To, CancellationToken.None);
        var cells = await counts.ReadFacetsAsync(new WatchKey(service, Region.World), range.From, range.To, CancellationToken.None);
        return new Recent(now, range, regions.Aggregate(default(MinuteCounts), (sum, r) => sum + r.Counts), regions, cells);
    }

    private async Task<RecentOfAll> LookAtAllAsync()
    {
        var now = clock.GetUtcNow();
        var range = Last15(now);
        var totals = await counts.ReadServicesAsync(range.From, range.To, CancellationToken.None);
        return new RecentOfAll(now, range, totals.ToImmutableDictionary(t => t.Service, t => t.Counts));
    }

    private static MinuteRange Last15(DateTimeOffset now) => new(Minute.Of(now) - 14, Minute.Of(now) + 1);
}

/// <summary>Adds cells and regions up to shares of the reports told in time, most reported first, ties in code order.</summary>
public static class Shares
{
    public static ImmutableArray<Share<Problem>> OfProblems(IReadOnlyList<CellTotal> cells) =>
        Of(Down(cells).GroupBy(c => c.Cell.Problem).Select(g => (g.Key, g.Sum(c => c.Count))));

    public static ImmutableArray<Share<Surface>> OfSurfaces(IReadOnlyList<CellTotal> cells) =>
        Of(Down(cells).GroupBy(c => c.Cell.Surface).Select(g => (g.Key, g.Sum(c => c.Count))));

    public static ImmutableArray<Share<Region>> OfRegions(IReadOnlyList<RegionTotal> regions) =>
        Of(regions.Select(r => (r.Region, r.Counts.Reports)));

    private static IEnumerable<CellTotal> Down(IReadOnlyList<CellTotal> cells) =>
        cells.Where(c => c.Cell is { Kind: ReportKind.Down, IsLate: false });

    private static ImmutableArray<Share<T>> Of<T>(IEnumerable<(T Of, int Reports)> parts)
        where T : struct
    {
        var told = parts.Where(p => p.Reports > 0).ToList();
        var all = told.Sum(p => p.Reports);
        return [.. told.Select(p => new Share<T>(p.Of, p.Reports, (double)p.Reports / all)).OrderByDescending(s => s.Reports).ThenBy(s => s.Of)];
    }
}

/// <summary>
/// Tells whether what comes in after an incident is its tail, or as usual again.
/// <para>
/// Decisions on the tail. It is one while more comes in than chance makes plausible: P(X &gt;= observed) under what is usual (a negative
/// binomial, <see cref="CountTail"/>) is below <see cref="Chance"/>. Each minute since the end was declared is looked at as it began: the
/// closed ones of the last 15 and since the end, against the usual of these and of that minute. So what was told in a minute holds all
/// through it, however many reports it brings; and once a minute was as usual again, the rest of the hour is, for the same minutes are
/// looked at again, and nothing has to be remembered.
/// </para>
/// </summary>
public sealed class TailReader(IncidentReader incidents, ICountStore counts, BaselineReader baselines, TimeProvider clock)
{
    /// <summary>How rare it must be on a usual day that as many come in.</summary>
    public const double Chance = 0.01;

    private static readonly double s_log10Chance = Math.Log10(Chance);

    private readonly AnswerCache<(IncidentId Id, Minute Ended, Minute Decided, Minute Now), bool> _answers =
        new(clock, RecentReader.Lifetime, 1_024);

    /// <summary>An incident that is just over, with what was counted while it lasted.</summary>
    internal async ValueTask<IncidentView> ViewAsync(Incident over, CancellationToken cancellation) =>
        await incidents.ViewAsync(over, cancellation) with { IsBackToUsual = await IsBackToUsualAsync(over, cancellation) };

    private async ValueTask<bool> IsBackToUsualAsync(Incident over, CancellationToken cancellation)
    {
        var (ended, decided) = (over.EndedAt!.Value, Minute.Of(over.ResolvedAt!.Value));
        return await _answers.GetAsync((over.Id, ended, decided, Minute.Of(clock.GetUtcNow())), LookAsync, cancellation);
    }

    private async Task<bool> LookAsync((IncidentId Id, Minute Ended, Minute Decided, Minute Now) asked)
    {
        var (id, ended, decided, now) = asked;
        var key = new WatchKey(id.Service, Region.World);
        var minutes = (await counts.ReadSeriesAsync(key, ended, now, 1, default, CancellationToken.None)).ToDictionary(p => p.Start, p => p.Counts.Reports);
        var observed = await counts.ReadObservedAsync(ended, now, CancellationToken.None);
        for (var minute = Minute.Max(decided, ended + 1); minute <= now; minute += 1)
        {
            // In a minute that nobody observed nothing was told; the one that goes on is observed by who asks.
            if (minute < now && !observed.Any(o => o.Contains(minute)))
                continue;
            var from = Minute.Max(ended, minute + 1 - Freshness.LookBack);
            var baseline = await baselines.ReadAsync(key, minute, CancellationToken.None);
            if (!baseline.Knows(minute))
                continue;
            var usual = new UsualSum();
            usual.Add(baseline, new MinuteRange(minute, minute + 1));
            foreach (var stretch in observed)
            {
                var part = new MinuteRange(Minute.Max(from, stretch.From), Minute.Min(minute, stretch.To));
                if (part.Length > 0)
                    usual.Add(baseline, part);
            }
            if (IsPlausible(Enumerable.Range(0, minute - from).Sum(i => minutes.GetValueOrDefault(from + i)), usual.Expectation!.Value))
                return true;
        }
        return false;
    }

    private static bool IsPlausible(int reports, Expectation usual) =>
        reports <= usual.Mean || CountTail.Log10Upper(reports, usual) >= s_log10Chance;
}
