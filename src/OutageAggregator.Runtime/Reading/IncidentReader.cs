namespace OutageAggregator.Runtime.Reading;

/// <summary>An incident with what was counted while it lasted: [StartedAt, EndedAt), or until now while it is open.</summary>
/// <param name="Incident">What the log says of it; the worst minute is taken from the counts where they know a worse one.</param>
/// <param name="Service">The service, as the catalog knows it.</param>
/// <param name="Reports">Reports told in time.</param>
/// <param name="Reporters">Distinct reporters among them, estimated; never more than <paramref name="Reports"/>.</param>
/// <param name="Problems">Most reported first.</param>
/// <param name="Surfaces">Most reported first.</param>
/// <param name="Regions">All regions reports came from, most reported first; the incident itself names those judged in outage.</param>
/// <param name="At">The minute of the look, or of the event it is told for: until then an open one is told.</param>
/// <param name="Review">
/// What operators said of it last; null where they did not, and where nobody asked them (<see cref="IncidentReader.ViewAsync"/>).
/// </param>
/// <param name="Excess">
/// Reports beyond the usual; null where that is not known, and where more than one incident was asked for: it is known from <see
/// cref="IncidentReader.ReadAsync"/> only.
/// </param>
public sealed record IncidentView(
    Incident Incident, Service Service, int Reports, long Reporters, ImmutableArray<Share<Problem>> Problems,
    ImmutableArray<Share<Surface>> Surfaces, ImmutableArray<Share<Region>> Regions, Minute At,
    Review? Review = null, Excess? Excess = null)
{
    // After a shorter one the last five minutes still speak of it.
    private const int ShortestGap = 5;

    // The newest observed minute may be so many before that of the look.
    private const int MostLag = 2;

    /// <summary>
    /// The stretches from its onset until its end was declared (or until now) that nobody observed, ascending. One that begins with the end
    /// or after it hid the end.
    /// </summary>
    public ImmutableArray<MinuteRange> Gaps { get; init; } = [];

    /// <summary>
    /// The first minute of which nothing is known any more of an open incident: a long gap lasts, or too few minutes were observed since.
    /// Null where it was seen to go on.
    /// </summary>
    public Minute? UnseenSince => Incident.EndedAt is null && !IsOfEvent && Gaps is [.., { Length: >= ShortestGap } last]
        && At + 1 - last.To < Freshness.FewestMinutes + (TellsNow ? 0 : MostLag) && Incident.Peak.At < last.From && Incident.DetectedAt <= last.To.Start ? last.From : null;

    /// <summary>True where it is just over, and what comes in is as usual again: no tail any more (<see cref="TailReader"/>).</summary>
    public bool IsBackToUsual { get; init; }

    /// <summary>Whether enough was observed of late to say how things stand at the look.</summary>
    public bool TellsNow { get; init; } = true;

    /// <summary>
    /// The last minute in which it was seen, of one whose end nobody observed: the end itself, or the last minute before the gap that hid it.
    /// </summary>
    public Minute LastSeen => EndIsHidden && Gaps[^1].From > Incident.StartedAt ? Minute.Min(To, Gaps[^1].From - 1) : To - 1;

    /// <summary>True where it is told for an event of the log: then it was seen.</summary>
    public bool IsOfEvent { get; init; }

    /// <summary>Where its end, or what it is like now, is told: the end, the last that is known, or the minute of the look.</summary>
    public Minute To => Incident.EndedAt ?? UnseenSince ?? At;

    /// <summary>How long it lasted as far as that was observed, whole minutes.</summary>
    public int Minutes => To - Incident.StartedAt - Gaps.Sum(g => new MinuteRange(Minute.Max(g.From, Incident.StartedAt), Minute.Min(g.To, To)).Length);

    /// <summary>True of one that ended where nobody observed: then its end is the last minute that is known of it.</summary>
    public bool EndIsHidden => Incident.EndedAt is { } ended && Gaps is [.., var last] && last.To > ended;

    /// <summary>True where nobody knows how much longer it lasted: it was not observed all the while.</summary>
    public bool IsAtLeast => !Gaps.IsEmpty;
}

/// <summary>
/// Reads incidents with their counts and reviews, from the logs and the counts. What was counted while an incident lasted is kept for a
/// second while it is open and a minute afterwards: only withdrawals change it then.
/// <para>
/// Decisions on the excess: how many more reports an incident brought than were usual, in its observed minutes. Both sides are the whole
/// service's, all regions together. Observed are the reports that count for the detector: told in time, of each reporter one in 30 minutes.
/// (Its rule against few sources that send much cuts nothing here: the stores count one report a reporter.) What was usual is what the
/// chart shows, <see cref="UsualOfSpans"/> over one span, but learnt from the four weeks before the onset only, so that it stays as it is
/// while the incident goes on and afterwards. Gaps are left out of both. Unless it is kept, one look reads one baseline: too much for each
/// line of a list, so only who asks for one incident is told.
/// </para>
/// </summary>
public sealed class IncidentReader(
    Catalog catalog, ICountStore counts, IIncidentLog log, IReviewLog reviews, BaselineReader baselines, FreshnessReader freshness,
    StorageSettings storage, TimeProvider clock)
{
    // See ICountStore.CountReportersAsync.
    private const int ReportersStep = 15;

    private readonly AnswerCache<Stretch, Counted> _open = new(clock, RecentReader.Lifetime, 256);
    private readonly AnswerCache<Stretch, Counted> _resolved = new(clock, TimeSpan.FromMinutes(1), 1_024);

    /// <summary>The incidents that match, the latest onset first.</summary>
    public async ValueTask<ImmutableArray<IncidentView>> FindAsync(IncidentQuery query, CancellationToken cancellation)
    {
        var incidents = await log.FindAsync(query, cancellation);
        var reviewed = (await reviews.ReadNewestAsync([.. incidents.Select(i => i.Id)], cancellation)).ToDictionary(r => r.Incident);
        var views = ImmutableArray.CreateBuilder<IncidentView>(incidents.Count);
        foreach (var incident in incidents)
            views.Add(await ViewAsync(incident, cancellation) with { Review = reviewed.GetValueOrDefault(incident.Id) });
        return views.MoveToImmutable();
    }

    /// <summary>One incident as it stands now, with its excess, or null.</summary>
    public async ValueTask<IncidentView?> ReadAsync(IncidentId id, CancellationToken cancellation)
    {
        if (await log.ReadIncidentAsync(id, cancellation) is not [.., { Event.Incident: { } incident }])
            return null;
        return await CountAsync(incident, withExcess: true, cancellation) with
        {
            Review = (await reviews.ReadNewestAsync([id], cancellation)).FirstOrDefault(),
        };
    }

    /// <summary>Everything the log says of an incident, in time order; empty where there is no such incident.</summary>
    public async ValueTask<ImmutableArray<LoggedEvent>> EventsAsync(IncidentId id, CancellationToken cancellation) =>
        [.. await log.ReadIncidentAsync(id, cancellation)];

    /// <summary>
    /// An incident with what was counted while it lasted, and without its review and excess.
    /// </summary>
    /// <param name="incident">As the log tells it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="asOf">
    /// What was counted before this minute, as an event of the log was told then (but for reports taken back since); null is now.
    /// </param>
    public ValueTask<IncidentView> ViewAsync(Incident incident, CancellationToken cancellation, Minute? asOf = null) =>
        CountAsync(incident, withExcess: false, cancellation, asOf);

    private async ValueTask<IncidentView> CountAsync(Incident incident, bool withExcess, CancellationToken cancellation, Minute? asOf = null)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var decided = incident.ResolvedAt is { } resolved ? Minute.Of(resolved) : asOf;
        var stretch = new Stretch(incident.Service, incident.StartedAt, incident.EndedAt ?? asOf, decided, withExcess);
        var counted = await (decided is null ? _open : _resolved).GetAsync(stretch, LookAsync, cancellation);
        // Of minutes alike the first, as the chart draws it: the log knows the first since it was detected.
        if (counted.Peak.ReportsPerMinute >= incident.Peak.ReportsPerMinute)
            incident = incident with { Peak = counted.Peak };
        var at = asOf ?? Minute.Of(clock.GetUtcNow());
        return new IncidentView(
            incident with { Phases = incident.PhasesAt(at) }, catalog.Find(incident.Service) ?? Gone(incident.Service), counted.Reports,
            counted.Reporters, counted.Problems, counted.Surfaces, counted.Regions, at, Excess: counted.Excess)
        {
            Gaps = counted.Gaps,
            IsOfEvent = asOf is not null,
            TellsNow = asOf is not null || (await freshness.ReadAsync(cancellation)).TellsNow,
        };
    }

    private async Task<Counted> LookAsync(Stretch stretch)
    {
        var now = clock.GetUtcNow();
        var (from, to) = (stretch.From, stretch.To ?? Minute.Of(now) + 1);
        var key = new WatchKey(stretch.Service, Region.World);
        var regions = await counts.ReadRegionsAsync(stretch.Service, from, to, CancellationToken.None);
        var cells = await counts.ReadFacetsAsync(key, from, to, CancellationToken.None);
        var reporters = await counts.CountReportersAsync(key, from, to, CancellationToken.None);
        var minutes = await counts.ReadSeriesAsync(key, from, to, 1, default, CancellationToken.None);
        var reports = regions.Sum(r => r.Counts.Reports);
        // They are counted by whole quarters of an hour, the last of which may not be over: what came later in it is not told with this.
        if (stretch.To is { } told && told.FloorTo(ReportersStep) is var whole && whole < told)
        {
            var before = whole > from ? await counts.CountReportersAsync(key, from, whole, CancellationToken.None) : 0;
            reporters = Math.Min(reporters, before + minutes.Where(p => p.Start >= whole).Sum(p => (long)p.Counts.Reporters));
        }
        // Imported counts come without reporters; then each report stands for one, as its minutes say.
        if (reporters == 0)
            reporters = regions.Sum(r => (long)r.Counts.Reporters);
        // An incident that grows is logged every few minutes at most; its worst minute so far is known from the counts at once, and
        // stays known when it is resolved.
        var worst = minutes.Where(p => p.Counts.Reports > 0).DefaultIfEmpty().MaxBy(p => p.Counts.Reports);
        return new Counted(
            reports, Math.Min(reporters, reports), new Peak(worst.Start, worst.Counts.Reports),
            Shares.OfProblems(cells), Shares.OfSurfaces(cells), Shares.OfRegions(regions),
            stretch.WithExcess ? await ExcessAsync(key, from, stretch.To ?? Minute.Of(now), minutes, now) : null,
            await GapsAsync(from, stretch.Decided, Minute.Of(now)));
    }

    // Of an open one the minutes that go on are no gap yet.
    private async Task<ImmutableArray<MinuteRange>> GapsAsync(Minute from, Minute? decided, Minute now)
    {
        var age = await freshness.ReadAsync(CancellationToken.None);
        var to = (age.IsStale ? now : Minute.Min(now, Minute.Of(age.ObservedAt))) + 1;
        to = Minute.Min(decided ?? to, to);
        var gaps = ImmutableArray.CreateBuilder<MinuteRange>();
        foreach (var stretch in await counts.ReadObservedAsync(from, to, CancellationToken.None))
        {
            if (stretch.From > from)
                gaps.Add(new MinuteRange(from, stretch.From));
            from = stretch.To;
        }
        if (to > from)
            gaps.Add(new MinuteRange(from, to));
        return gaps.ToImmutable();
    }

    // Null where none of its minutes was observed, where nothing of the usual had been learnt before it, and where the counts it was learnt
    // from are no longer kept. Of an open one the minutes that are over: of the one that goes on only a part is counted.
    private async Task<Excess?> ExcessAsync(WatchKey key, Minute from, Minute to, IReadOnlyList<SeriesPoint> minutes, DateTimeOffset now)
    {
        var firstKept = new Minute(storage.FirstHourKept(now.ToUnixTimeMilliseconds()) * 60);
        // Minutes stay observed for ever and their counts don't: learnt from, they would say that nobody ever reported.
        if (to <= from || (from - (Baseline.HistoryDays * Minute.PerDay)).FloorTo(Baseline.SpanMinutes) < firstKept)
            return null;
        var observed = await counts.ReadObservedAsync(from, to, CancellationToken.None);
        var (_, usual) = await new UsualOfSpans(baselines, key, observed, from).OverAsync(from, to);
        return usual is { } known
            ? Excess.Of(minutes.Where(p => observed.Any(o => o.Contains(p.Start))).Sum(p => (long)p.Counts.Reporters), known)
            : null;
    }

    // Its incidents outlive a service that left the catalog.
    private static Service Gone(ServiceSlug slug) => new(slug, slug.ToString(), "", [], null, "Etc/UTC", null);

    /// <param name="To">Its end, or until when it is told; null is now.</param>
    /// <param name="Decided">When its end was declared, or until when it is told; null is now.</param>
    private readonly record struct Stretch(ServiceSlug Service, Minute From, Minute? To, Minute? Decided, bool WithExcess);

    private sealed record Counted(
        int Reports, long Reporters, Peak Peak,
        ImmutableArray<Share<Problem>> Problems, ImmutableArray<Share<Surface>> Surfaces, ImmutableArray<Share<Region>> Regions,
        Excess? Excess, ImmutableArray<MinuteRange> Gaps);
}

/// <summary>The log of incidents, a page after the other.</summary>
internal static class IncidentPaging
{
    /// <summary>All incidents that match, read in pages of the query's limit as they are taken.</summary>
    public static async IAsyncEnumerable<Incident> ReadPagesAsync(this IIncidentLog log, IncidentQuery query)
    {
        IReadOnlyList<Incident> page;
        do
        {
            page = await log.FindAsync(query, CancellationToken.None);
            foreach (var incident in page)
                yield return incident;
            query = page is [.., var last] ? query with { After = new IncidentPlace(last.StartedAt, last.Id) } : query;
        }
        while (page.Count == query.Limit);
    }
}
