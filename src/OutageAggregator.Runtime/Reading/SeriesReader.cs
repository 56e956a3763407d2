using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Runtime.Reading;

/// <summary>What a point of a series is coloured by.</summary>
public enum PointVerdict : byte
{
    Normal = 0,
    Elevated = 1,
    Outage = 2,

    /// <summary>Nobody watched: its zero says nothing.</summary>
    Gap = 3,

    /// <summary>Too little was known of what is usual to call it normal.</summary>
    Unknown = 4,
}

/// <summary>Which series to read.</summary>
/// <param name="Service">The service.</param>
/// <param name="Region">One region, or the world's sum.</param>
/// <param name="From">First minute, aligned to the step.</param>
/// <param name="To">The minute after the last one; a later one than now ends with the span that holds now.</param>
/// <param name="StepMinutes">Any that divides a day.</param>
/// <param name="Filter">One problem or surface only.</param>
public sealed record SeriesQuery(Service Service, Region Region, Minute From, Minute To, int StepMinutes, CellFilter Filter = default);

/// <summary>One span of a series.</summary>
/// <param name="Start">Its first minute.</param>
/// <param name="Counts">What was counted in it.</param>
/// <param name="Expected">
/// Reports usual in the observed minutes of the span; null in a gap, where the series is filtered, and while too little is known of it.
/// </param>
/// <param name="Upper">The most that chance makes plausible there; null as <paramref name="Expected"/>.</param>
/// <param name="Verdict">What the incident log says of it.</param>
public readonly record struct SeriesSpan(Minute Start, MinuteCounts Counts, double? Expected, int? Upper, PointVerdict Verdict);

/// <summary>A chart's data.</summary>
/// <param name="Query">What was asked, with From and To as they were read (whole steps, not beyond now).</param>
/// <param name="Detector">Stable name of the detector that judges this service.</param>
/// <param name="Points">Every span in order, empty ones included.</param>
/// <param name="Incidents">Incidents that touch the stretch, and name the region where one was asked for; the latest first.</param>
public sealed record Series(SeriesQuery Query, string Detector, ImmutableArray<SeriesSpan> Points, ImmutableArray<Incident> Incidents);

/// <summary>
/// Reads the points of charts: counts, what is usual, and what was said of them.
/// <para>
/// Decisions. A span's <c>expected</c> and <c>upper</c> speak of its observed minutes only, so that the span that is still running
/// and one with a hole can be compared with what was counted. They are null where the series is filtered: the usual share of
/// a problem or surface is known only from incidents, where it is anything but usual. What is usual is read from the baseline as
/// it stands at the end of the stretch (so that the chart agrees with the "expected" of the last 15 minutes, and the chart
/// of a past incident never changes), in pieces of four weeks for longer stretches. The verdict is the service's, from the log
/// (<see cref="VerdictPaint"/>): a point above its upper bound is not painted by itself, because single minutes exceed it by chance.
/// </para>
/// <para>
/// Months are read once in ten minutes, but for the newest two days, which still change: reports are told a day late, and taken back a day
/// later. What the store no longer keeps is a gap: that it holds no counts says nothing.
/// </para>
/// </summary>
public sealed class SeriesReader(
    ICountStore counts, IIncidentLog log, StatusBoard board, BaselineReader baselines, WatchSettings watching, TimeProvider clock)
{
    /// <summary>The most points in one answer.</summary>
    public const int MaxPoints = 2_000;

    /// <summary>The upper bound of a span is the count that chance passes once in ten thousand such spans.</summary>
    public const double UpperLog10P = -4;

    private const int MaxIncidents = 1_000;

    // From this step on a stretch may be so long that reading it takes a second.
    private const int LongStep = 30;
    private const int ChangingMinutes = 2 * Minute.PerDay;

    // Around an incident minutes are kept for ever.
    private const int AroundIncident = 60;

    private readonly AnswerCache<SeriesQuery, Series> _answers = new(clock, RecentReader.Lifetime, 256);
    private readonly AnswerCache<SeriesQuery, ImmutableArray<Span>> _past = new(clock, TimeSpan.FromMinutes(10), 128);

    /// <summary>The steps that callers choose from, minutes, ascending.</summary>
    public static ImmutableArray<int> Steps { get; } = [1, 5, 15, 30, 60, Minute.PerDay];

    /// <summary>
    /// The query widened to whole steps and ended with the span that holds <paramref name="now"/>: what
    /// <see cref="ReadAsync"/> answers.
    /// </summary>
    public static SeriesQuery Whole(SeriesQuery query, Minute now)
    {
        var to = Minute.Min(query.To, now + 1);
        return query with { From = query.From.FloorTo(query.StepMinutes), To = (to + query.StepMinutes - 1).FloorTo(query.StepMinutes) };
    }

    /// <summary>How many points a query has once it is whole; 0 or less where it starts after now.</summary>
    public static int PointsOf(SeriesQuery query, Minute now)
    {
        var whole = Whole(query, now);
        return (whole.To - whole.From) / query.StepMinutes;
    }

    /// <summary>The smallest step whose points fit one answer, minutes; null where a day's don't.</summary>
    public static int? SmallestStep(SeriesQuery query, Minute now) =>
        Steps.Cast<int?>().FirstOrDefault(step => PointsOf(query with { StepMinutes = step!.Value }, now) <= MaxPoints);

    /// <summary>The points of [From, To).</summary>
    /// <exception cref="ArgumentException">
    /// No known step, an empty stretch, one that starts after now, or more than <see cref="MaxPoints"/> points.
    /// </exception>
    public ValueTask<Series> ReadAsync(SeriesQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.StepMinutes < 1 || Minute.PerDay % query.StepMinutes != 0)
            throw new ArgumentException("A step is of minutes that divide a day.", nameof(query));
        var whole = Whole(query, Minute.Of(clock.GetUtcNow()));
        var points = (whole.To - whole.From) / whole.StepMinutes;
        if (points is <= 0 or > MaxPoints)
            throw new ArgumentException("The series is empty, starts after now, or has too many points.", nameof(query));
        return _answers.GetAsync(whole, LookAsync, cancellation);
    }

    private async Task<Series> LookAsync(SeriesQuery query)
    {
        var (service, region, from, to, step, _) = query;
        var end = Minute.Min(to, Minute.Of(clock.GetUtcNow()) + 1);
        var incidents = await log.FindAsync(
            new IncidentQuery(service.Slug, region == Region.World ? null : region, From: from, To: to, Limit: MaxIncidents),
            CancellationToken.None);
        var paint = new VerdictPaint(from, step, (to - from) / step);
        foreach (var incident in incidents)
            paint.Paint(incident, end);
        if (region == Region.World && (await board.ReadAsync(CancellationToken.None)).Of(service.Slug) is { } state)
        {
            foreach (var stretch in state.Elevated)
                paint.Paint(stretch, end);
        }

        var points = ImmutableArray.CreateBuilder<SeriesSpan>(paint.Verdicts.Length);
        foreach (var (painted, span) in paint.Verdicts.Zip(await SpansAsync(query, end)))
        {
            var verdict = !span.IsObserved ? PointVerdict.Gap
                : span.Usual is null && painted != PointVerdict.Outage ? PointVerdict.Unknown
                : painted;
            var usual = query.Filter == default ? span.Usual : null;
            points.Add(new SeriesSpan(span.Start, span.Counts, usual?.Mean, usual?.Upper(UpperLog10P), verdict));
        }
        return new Series(
            query, watching.DetectorOf(query.Service.Slug), points.MoveToImmutable(), [.. incidents.Select(i => i with { Phases = i.PhasesAt(end - 1) })]);
    }

    private async Task<IEnumerable<Span>> SpansAsync(SeriesQuery query, Minute end)
    {
        var changes = Minute.Min((Minute.Of(clock.GetUtcNow()) - ChangingMinutes).FloorTo(Minute.PerDay), query.To);
        if (query.StepMinutes < LongStep || changes <= query.From)
            return await ReadSpansAsync(query, end);
        var past = await _past.GetAsync(query with { To = changes }, asked => ReadSpansAsync(asked, changes), CancellationToken.None);
        return changes == query.To ? past : [.. past, .. await ReadSpansAsync(query with { From = changes }, end)];
    }

    private async Task<ImmutableArray<Span>> ReadSpansAsync(SeriesQuery query, Minute end)
    {
        var (service, region, from, to, step, filter) = query;
        var key = new WatchKey(service.Slug, region);
        var counted = await counts.ReadSeriesAsync(key, from, to, step, filter, CancellationToken.None);
        var observed = WatchLoader.SinceListed(await counts.ReadObservedAsync(from, end, CancellationToken.None), service.ListedAt);
        var usual = new UsualOfSpans(baselines, key, await KeptAsync(service, observed, from, step), end);
        var spans = ImmutableArray.CreateBuilder<Span>((to - from) / step);
        var listed = service.ListedAt is { } listedAt ? Minute.Of(listedAt) : from;
        var next = 0;
        for (var start = from; start < to; start += step)
        {
            MinuteCounts sum = default;
            for (; next < counted.Count && counted[next].Start < start + step; next++)
                sum += counted[next].Counts;
            var (isObserved, expectation) = await usual.OverAsync(start, start + step);
            // What was named before it was listed had been counted, as a proposal; that nobody named it proves nothing.
            var wasNamed = start < listed && sum.Reports + sum.Back > 0;
            spans.Add(new Span(start, sum, isObserved || wasNamed, expectation));
        }
        return spans.ToImmutable();
    }

    // What was observed and is still there to be counted.
    private async ValueTask<IReadOnlyList<MinuteRange>> KeptAsync(Service service, IReadOnlyList<MinuteRange> observed, Minute from, int step)
    {
        var kept = counts.KeptSince(step, Minute.Of(clock.GetUtcNow()));
        if (from >= kept)
            return observed;
        var incidents = await log.FindAsync(
            new IncidentQuery(service.Slug, From: from - AroundIncident, To: kept, Limit: MaxIncidents), CancellationToken.None);
        MinuteRange[] parts =
        [
            .. incidents.OrderBy(i => i.StartedAt).Select(i => new MinuteRange(
                i.StartedAt - AroundIncident, Minute.Min((i.EndedAt ?? kept) + AroundIncident, kept))),
            new(kept, new Minute(int.MaxValue)),
        ];
        var clipped = new List<MinuteRange>();
        var done = from;
        foreach (var part in parts)
        {
            clipped.AddRange(observed
                .Select(o => new MinuteRange(Minute.Max(Minute.Max(o.From, part.From), done), Minute.Min(o.To, part.To)))
                .Where(o => o.Length > 0));
            done = Minute.Max(done, part.To);
        }
        return clipped;
    }

    /// <summary>What was counted in a step, and what was usual in those of its minutes that were observed.</summary>
    private readonly record struct Span(Minute Start, MinuteCounts Counts, bool IsObserved, Expectation? Usual);
}
