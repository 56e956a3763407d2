using OutageAggregator.Core.Verdicts;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Lists services and describes one, from the stores.
/// <para>
/// Slightly more than usual is what stands out now among all services with a usual of their own, by the false discovery rate (<see
/// cref="FalseDiscovery"/>): looking at hundreds of services at once, a hundredth of them passes a bar of one in a hundred by chance alone.
/// </para>
/// </summary>
public sealed class ServiceReader(
    Catalog catalog, RecentReader recent, StatusBoard board, BaselineReader baselines, ConfidenceReader confidence,
    FreshnessReader freshness, ObservedReader observed, TailReader tails, ICountStore counts, TimeProvider clock)
{
    /// <summary>Where nothing is unusual, so many looks at all services find any that is slightly more.</summary>
    public const double FalseDiscoveryRate = 0.01;

    // Fewer people than that are no news, however silent a service is.
    private const int FewestReports = 4;

    private readonly AnswerCache<ServiceQuery, ServiceList> _lists = new(clock, RecentReader.Lifetime, 256);
    private readonly AnswerCache<Service, ServiceDetails> _details = new(clock, RecentReader.Lifetime, 1_024);
    private readonly AnswerCache<StatusBoard.Board, Marks> _marks = new(clock, RecentReader.Lifetime, 4);

    /// <summary>A page of services. One look at the counts serves all services of all pages within a second.</summary>
    public ValueTask<ServiceList> ListAsync(ServiceQuery query, CancellationToken cancellation) =>
        _lists.GetAsync(query, LookAtListAsync, cancellation);

    /// <summary>The status of everything there is: counts are read of those only that the log calls elevated or just over.</summary>
    public async ValueTask<AllStatuses> StatusesAsync(CancellationToken cancellation)
    {
        var lookedAt = (await recent.ReadAllAsync(cancellation)).LookedAt;
        var now = await NowAsync(lookedAt, cancellation);
        return new AllStatuses(
            [.. catalog.Services.Select(s => new ToldStatus(s, now.StatusOf(s), now.IsJustOver(s)))], lookedAt);
    }

    /// <summary>The services with an open incident, most excess reports first; none while too little was observed to say so.</summary>
    public async ValueTask<ImmutableArray<ServiceSummary>> InTroubleAsync(int limit, CancellationToken cancellation) =>
        [.. (await ThoseAsync((state, now) => state.OpenIncident is not null && now.StatusOf(state.Newest.Event.Service) == ServiceStatus.Outage, cancellation))
            .OrderByDescending(s => s.Excess).ThenBy(s => s.Service.Slug).Take(limit)];

    /// <summary>The services whose incident is over for an hour at most, the most reported first.</summary>
    public async ValueTask<ImmutableArray<ServiceSummary>> JustOverAsync(int limit, CancellationToken cancellation) =>
        [.. (await ThoseAsync((state, now) => state.JustOver(now.At) is not null && state.OpenIncident is null, cancellation))
            .OrderByDescending(s => s.Recent!.Reports).ThenBy(s => s.Service.Slug).Take(limit)];

    /// <summary>
    /// The services without an incident, open or just over, whose last 15 minutes stand out among those of all services, most significant
    /// first.
    /// </summary>
    public async ValueTask<ImmutableArray<ServiceSummary>> SlightlyMoreAsync(int limit, CancellationToken cancellation)
    {
        var counted = await recent.ReadAllAsync(cancellation);
        var now = await NowAsync(counted.LookedAt, cancellation);
        if (!now.Age.TellsNow)
            return [];
        var tested = new List<(Service Service, double Log10P)>();
        foreach (var (slug, counts) in counted.Services)
        {
            var state = now.Board.Of(slug);
            if (counts.Reports < FewestReports || state?.OpenIncident is not null || now.Over.Contains(slug) || catalog.Find(slug) is not { } service)
                continue;
            if (await baselines.UsualAsync(new WatchKey(slug, Region.World), counted.Range, cancellation) is { } usual && counts.Reports > usual.Mean)
                tested.Add((service, CountTail.Log10Upper(counts.Reports, usual)));
        }
        // Those that were not reported are looked at, too: they stand out least.
        var found = FalseDiscovery.Of([.. tested.Select(t => t.Log10P)], catalog.Services.Length, FalseDiscoveryRate);
        var more = ImmutableArray.CreateBuilder<ServiceSummary>();
        foreach (var index in found.Take(limit))
            more.Add(await SummaryAsync(tested[index].Service, counted, now, cancellation));
        return more.ToImmutable();
    }

    /// <summary>One service.</summary>
    public ValueTask<ServiceDetails> ReadAsync(Service service, CancellationToken cancellation) =>
        _details.GetAsync(service, LookAtAsync, cancellation);

    private async Task<ServiceList> LookAtListAsync(ServiceQuery query)
    {
        var counted = await recent.ReadAllAsync(CancellationToken.None);
        var now = await NowAsync(counted.LookedAt, CancellationToken.None);
        var matching = query.Search is { } text
            ? catalog.Find(text, Catalog.MaxServices).Select(h => (h.Service, Match: (Closeness?)h.Closeness))
            : catalog.Services.Select(s => (Service: s, Match: (Closeness?)null));
        if (query.Category is { } category)
            matching = matching.Where(m => m.Service.Category == category);
        // The place of the cursor is looked for before statuses are: a service whose status changed still marks its place.
        if (query.After is { } after)
            matching = matching.SkipWhile(m => m.Service.Slug != after).Skip(1);
        if (query.Status is { } status)
            matching = matching.Where(m => now.StatusOf(m.Service) == status);
        var found = matching.Take(query.Limit + 1).ToList();
        var items = ImmutableArray.CreateBuilder<ServiceSummary>();
        foreach (var (service, match) in found.Take(query.Limit))
        {
            var summary = query.WithCounts
                ? await SummaryAsync(service, counted, now, CancellationToken.None)
                : await WithoutCountsAsync(service, now, CancellationToken.None);
            items.Add(summary with { Match = match });
        }
        return new ServiceList(query, items.ToImmutable(), found.Count > query.Limit, counted.LookedAt);
    }

    private async Task<ServiceDetails> LookAtAsync(Service service)
    {
        var last = await recent.ReadAsync(service.Slug, CancellationToken.None);
        var now = await NowAsync(last.LookedAt, CancellationToken.None);
        var pulse = await baselines.PulseAsync(World(service), last.World.Reports, last.Range, CancellationToken.None);
        var said = last.World.Reports + last.World.Back;
        var own = await SummaryAsync(service, now, pulse, CancellationToken.None);
        var summary = await FamilyAsync(own, now, CancellationToken.None);
        return new ServiceDetails(
            summary, Shares.OfProblems(last.Cells), Shares.OfSurfaces(last.Cells), Shares.OfRegions(last.Regions),
            last.World.Back, said == 0 || summary.Recent is not null ? null : (double)last.World.Reports / said,
            own.Recent is { Incident.EndedAt: { } ended } ? await TailAsync(service, ended, last.Range.To) : [],
            await confidence.ReadAsync(service.Slug, CancellationToken.None), last.LookedAt);
    }

    private async Task<ImmutableArray<TailPart>> TailAsync(Service service, Minute ended, Minute to)
    {
        var minutes = await counts.ReadSeriesAsync(World(service), ended, to, 1, default, CancellationToken.None);
        return
        [
            .. minutes.GroupBy(p => (p.Start - ended) / Freshness.LookBack).OrderBy(part => part.Key).Select(part =>
            {
                var sum = part.Aggregate(default(MinuteCounts), (all, p) => all + p.Counts);
                var from = part.Key * Freshness.LookBack;
                return new TailPart(
                    from, Math.Min(from + Freshness.LookBack, to - ended), sum.Reports, sum.Back,
                    sum.Back == 0 ? null : (double)sum.Reports / (sum.Reports + sum.Back));
            }),
        ];
    }

    /// <summary>The status that is told of a service that the log gave one at an instant.</summary>
    internal async ValueTask<ServiceStatus> StatusToldAsync(
        ServiceSlug service, ServiceStatus logged, DateTimeOffset at, CancellationToken cancellation)
    {
        var (since, isEnough) = await observed.HistoryAsync(cancellation, catalog.Find(service));
        return logged == ServiceStatus.Outage || (isEnough && since is { } began && at - began >= TimeSpan.FromDays(Baseline.EnoughDays))
            ? logged
            : ServiceStatus.Unknown;
    }

    private async ValueTask<ImmutableArray<ServiceSummary>> ThoseAsync(Func<ServiceState, Present, bool> isOne, CancellationToken cancellation)
    {
        var counted = await recent.ReadAllAsync(cancellation);
        var now = await NowAsync(counted.LookedAt, cancellation);
        if (now.Age.IsStale)
            return [];
        var those = ImmutableArray.CreateBuilder<ServiceSummary>();
        foreach (var (slug, state) in now.Board.States)
        {
            if (isOne(state, now) && catalog.Find(slug) is { } service)
                those.Add(await OwnAsync(service, counted, now, cancellation));
        }
        return those.ToImmutable();
    }

    private async ValueTask<ServiceSummary> SummaryAsync(Service service, RecentOfAll counted, Present now, CancellationToken cancellation) =>
        await FamilyAsync(await OwnAsync(service, counted, now, cancellation), now, cancellation);

    private async ValueTask<ServiceSummary> OwnAsync(Service service, RecentOfAll counted, Present now, CancellationToken cancellation)
    {
        var reports = counted.Services.GetValueOrDefault(service.Slug).Reports;
        return await SummaryAsync(service, now, await baselines.PulseAsync(World(service), reports, counted.Range, cancellation), cancellation);
    }

    private async ValueTask<ServiceSummary> SummaryAsync(Service service, Present now, Pulse pulse, CancellationToken cancellation)
    {
        var state = now.Board.Of(service.Slug);
        var history = now.HistoryOf(service.Slug);
        var logged = Situation.StatusOf(state, now.Age, history);
        var status = Situation.Told(logged, pulse);
        var since = status != logged ? null
            : status != ServiceStatus.Unknown ? state?.Since
            : now.Age.TellsNow ? history.Since
            : now.Age.ObservedAt;
        var over = state is { OpenIncident: null } && state.JustOver(now.At) is { } ended ? await tails.ViewAsync(ended, cancellation) : null;
        return new ServiceSummary(service, status, since, pulse, state?.OpenIncident?.Id)
        {
            History = history,
            IsRecovering = status == ServiceStatus.Outage && state is { IsRecovering: true },
            Recent = over,
            IsJustOver = Situation.IsJustOver(over, status, pulse),
        };
    }

    // A family is as badly off as the worst of those who belong to it. What is counted stays apart, so that nobody is counted twice.
    private async ValueTask<ServiceSummary> FamilyAsync(ServiceSummary own, Present now, CancellationToken cancellation)
    {
        if (!own.Service.IsFamily)
            return own;
        var counted = await recent.ReadAllAsync(cancellation);
        var members = new List<ServiceSummary>();
        foreach (var member in own.Service.Members.Select(m => catalog.Find(m)).OfType<Service>())
            members.Add(await OwnAsync(member, counted, now, cancellation));
        members.Sort((a, b) => (b.Badness, a.Service.Name).CompareTo((a.Badness, b.Service.Name)));
        var worst = members.Prepend(own).MaxBy(s => Badness(s.Status))!;
        return own with
        {
            Status = worst.Status,
            Since = worst.Since,
            IncidentId = worst.IncidentId,
            Recent = own.Recent ?? (worst.Status == ServiceStatus.Outage ? null : members.FirstOrDefault(m => m.Recent is not null)?.Recent),
            IsJustOver = now.IsJustOver(own.Service),
            Members = [.. members],
        };
    }

    private async ValueTask<ServiceSummary> WithoutCountsAsync(Service service, Present now, CancellationToken cancellation)
    {
        var summary = await SummaryAsync(service, now, default, cancellation) with
        {
            Status = now.StatusOf(service),
            IsJustOver = now.IsJustOver(service),
        };
        if (summary.Recent is not null || summary.Status == ServiceStatus.Outage)
            return summary;
        var over = new List<IncidentView>();
        foreach (var incident in now.JustOver(service))
            over.Add(await tails.ViewAsync(incident, cancellation));
        return summary with { Recent = over.MaxBy(view => view.Reports) };
    }

    // Of what nobody knows it may be said that it is as usual only where nobody says worse.
    internal static int Badness(ServiceStatus status) => status switch
    {
        ServiceStatus.Outage => 3,
        ServiceStatus.Elevated => 2,
        ServiceStatus.Unknown => 1,
        _ => 0,
    };

    private static WatchKey World(Service service) => new(service.Slug, Region.World);

    private async ValueTask<Present> NowAsync(DateTimeOffset lookedAt, CancellationToken cancellation)
    {
        var now = await board.ReadAsync(cancellation);
        var marks = await _marks.GetAsync(now, LookAtMarksAsync, cancellation);
        return new Present(clock.GetUtcNow(), await freshness.ReadAsync(lookedAt, cancellation), await observed.HistoryAsync(cancellation), now, marks);
    }

    // One look a second serves all that ask of any service.
    private async Task<Marks> LookAtMarksAsync(StatusBoard.Board now)
    {
        var (faded, over) = (ImmutableHashSet.CreateBuilder<ServiceSlug>(), ImmutableHashSet.CreateBuilder<ServiceSlug>());
        var later = ImmutableDictionary.CreateBuilder<ServiceSlug, History>();
        foreach (var service in catalog.Services)
        {
            if (service.ListedAt is not null)
                later.Add(service.Slug, await observed.HistoryAsync(CancellationToken.None, service));
        }
        var at = clock.GetUtcNow();
        foreach (var (slug, state) in now.States)
        {
            var ended = state.OpenIncident is null ? state.JustOver(at) : null;
            if (ended is null && state.Status != ServiceStatus.Elevated)
                continue;
            var counted = await recent.ReadAllAsync(CancellationToken.None);
            var reports = counted.Services.GetValueOrDefault(slug).Reports;
            var pulse = await baselines.PulseAsync(new WatchKey(slug, Region.World), reports, counted.Range, CancellationToken.None);
            var told = Situation.Told(state.Status, pulse);
            if (told != state.Status)
                faded.Add(slug);
            if (ended is not null && Situation.IsJustOver(await tails.ViewAsync(ended, CancellationToken.None), told, pulse))
                over.Add(slug);
        }
        return new Marks(faded.ToImmutable(), over.ToImmutable(), later.ToImmutable());
    }
}
