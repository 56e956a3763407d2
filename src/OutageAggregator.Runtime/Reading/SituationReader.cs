namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// Answers "is it just me?" from the stores. Answers are kept for about a second per service and region, so that a crowd that
/// presses at once costs one look.
/// </summary>
public sealed class SituationReader(
    RecentReader recent, StatusBoard board, BaselineReader baselines, FreshnessReader freshness, ObservedReader observed,
    IncidentReader incidents, TailReader tails, ServiceReader services, ICountStore counts, TimeProvider clock)
{
    private readonly AnswerCache<(Service Service, Region Region), Situation> _answers = new(clock, RecentReader.Lifetime, 4_096);

    /// <summary>The situation of a service as seen from a region, now.</summary>
    public ValueTask<Situation> ReadAsync(Service service, Region region, CancellationToken cancellation) =>
        _answers.GetAsync((service, region), key => LookAsync(key.Service, key.Region), cancellation);

    /// <summary>
    /// The situation for who has just reported that something is down. Where at most one report is known from their region, it is read anew
    /// and surely includes theirs, which was stored before: nobody who is counted is told that none comes from there, and one who is alone
    /// may be told so. Two later the region's numbers serve all who come: a crowd still costs one look a second, and two for each region.
    /// </summary>
    public async ValueTask<Situation> ReadAfterReportAsync(Service service, Region region, CancellationToken cancellation)
    {
        var kept = await ReadAsync(service, region, cancellation);
        if (kept.Local.Reports15m > 1 || kept.Finding == Finding.Unknown)
            return kept;
        // Whatever stands there instead was begun after this report was stored, and is shared.
        if (_answers.Keeps((service, region), kept))
        {
            recent.Forget(service.Slug);
            _answers.Forget((service, region), kept);
        }
        return await ReadAsync(service, region, cancellation);
    }

    private async Task<Situation> LookAsync(Service service, Region region)
    {
        var last = await recent.ReadAsync(service.Slug, CancellationToken.None);
        var age = await freshness.ReadAsync(last.LookedAt, CancellationToken.None);
        var state = (await board.ReadAsync(CancellationToken.None)).Of(service.Slug);
        var world = await PulseAsync(Region.World);
        var local = region == Region.World ? world : await PulseAsync(region);
        var history = await observed.HistoryAsync(CancellationToken.None, service);
        var status = Situation.Told(Situation.StatusOf(state, age, history), world);
        var over = state is { OpenIncident: null } && state.JustOver(clock.GetUtcNow()) is { } ended
            ? await tails.ViewAsync(ended, CancellationToken.None)
            : null;
        return new Situation(service.Name, status, state?.IsRecovering ?? false, age, world, region, local, Shares.OfSurfaces(last.Cells))
        {
            History = history,
            Open = await ViewAsync(state?.OpenIncident),
            Recent = over,
            ReportsSinceEnd = over?.Incident.EndedAt > last.Range.From ? await SinceAsync(over.To, last.Range.To) : null,
            Members = service.IsFamily ? (await services.ReadAsync(service, CancellationToken.None)).Summary.Members : [],
        };

        async ValueTask<IncidentView?> ViewAsync(Incident? incident) =>
            incident is null ? null : await incidents.ViewAsync(incident, CancellationToken.None);

        async Task<int> SinceAsync(Minute from, Minute to) =>
            (await counts.ReadRegionsAsync(service.Slug, from, to, CancellationToken.None)).Sum(r => r.Counts.Reports);

        ValueTask<Pulse> PulseAsync(Region of) =>
            baselines.PulseAsync(new WatchKey(service.Slug, of), last.In(of).Reports, last.Range, CancellationToken.None);
    }
}
