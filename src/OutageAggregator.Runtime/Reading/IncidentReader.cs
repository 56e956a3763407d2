using OutageAggregator.Core.Baselines;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Reading;

/// <summary>An incident with what was counted while it lasted: [StartedAt, EndedAt), or until now while it is open.</summary>
/// <param name="Incident">What the log says of it; the worst minute is taken from the counts where they know a worse one.</param>
/// <param name="Service">The service, as the catalog knows it.</param>
/// <param name="Reports">Reports told in time.</param>
/// <param name="Reporters">Distinct reporters among them, estimated; never more than <paramref name="Reports"/>.</param>
/// <param name="Problems">Most reported first.</param>
/// <param name="Surfaces">Most reported first.</param>
/// <param name="Regions">All regions reports came from, most reported first; the incident itself names those judged in outage.</param>
/// <param name="At">The minute of the look: until then an open one is told.</param>
/// <param name="Review">
/// What operators said of it last; null where they did not, and where nobody asked them (<see cref="IncidentReader.ViewAsync"/>).
/// </param>
/// <param name="Excess">
/// Reporters beyond the usual, as <see cref="ExcessReader"/> says; null where that is not known, and where more than one incident was asked
/// for: it is known from <see cref="IncidentReader.ReadAsync"/> only.
/// </param>
public sealed record IncidentView(
    Incident Incident, Service Service, int Reports, long Reporters, ImmutableArray<Share<Problem>> Problems,
    ImmutableArray<Share<Surface>> Surfaces, ImmutableArray<Share<Region>> Regions, Minute At,
    Review? Review = null, Excess? Excess = null);

/// <summary>
/// Reads incidents with their counts and reviews, from the logs and the counts. What was counted while an incident lasted is kept for a
/// second while it is open and a minute afterwards: only withdrawals change it then.
/// </summary>
public sealed class IncidentReader(
    Catalog catalog, ICountStore counts, IIncidentLog log, IReviewLog reviews, ExcessReader excess, TimeProvider clock)
{
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
        return await ViewAsync(incident, cancellation) with
        {
            Review = (await reviews.ReadNewestAsync([id], cancellation)).FirstOrDefault(),
            Excess = await excess.ReadAsync(incident, cancellation),
        };
    }

    /// <summary>Everything the log says of an incident, in time order; empty where there is no such incident.</summary>
    public async ValueTask<ImmutableArray<LoggedEvent>> EventsAsync(IncidentId id, CancellationToken cancellation) =>
        [.. await log.ReadIncidentAsync(id, cancellation)];

    /// <summary>
    /// An incident with what was counted while it lasted, and without its review and excess: what live events tell, which tell the log.
    /// </summary>
    public async ValueTask<IncidentView> ViewAsync(Incident incident, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var kept = incident.EndedAt is null ? _open : _resolved;
        var counted = await kept.GetAsync(new Stretch(incident.Service, incident.StartedAt, incident.EndedAt), LookAsync, cancellation);
        if (counted.Peak.ReportsPerMinute > incident.Peak.ReportsPerMinute)
            incident = incident with { Peak = counted.Peak };
        return new IncidentView(
            incident, catalog.Find(incident.Service) ?? Gone(incident.Service), counted.Reports, counted.Reporters, counted.Problems,
            counted.Surfaces, counted.Regions, Minute.Of(clock.GetUtcNow()));
    }

    private async Task<Counted> LookAsync(Stretch stretch)
    {
        var (from, to) = (stretch.From, stretch.To ?? Minute.Of(clock.GetUtcNow()) + 1);
        var key = new WatchKey(stretch.Service, Region.World);
        var regions = await counts.ReadRegionsAsync(stretch.Service, from, to, CancellationToken.None);
        var cells = await counts.ReadFacetsAsync(key, from, to, CancellationToken.None);
        var reporters = await counts.CountReportersAsync(key, from, to, CancellationToken.None);
        var reports = regions.Sum(r => r.Counts.Reports);
        // Imported counts come without reporters; then each report stands for one, as its minutes say.
        if (reporters == 0)
            reporters = regions.Sum(r => (long)r.Counts.Reporters);
        return new Counted(
            reports, Math.Min(reporters, reports), await PeakAsync(key, from, to), Shares.OfProblems(cells), Shares.OfSurfaces(cells), Shares.OfRegions(regions));
    }

    // An incident that grows is logged every few minutes at most; its worst minute so far is known from the counts at once, and
    // stays known when it is resolved.
    private async Task<Peak> PeakAsync(WatchKey key, Minute from, Minute to) =>
        (await counts.ReadSeriesAsync(key, from, to, 1, default, CancellationToken.None))
            .Where(p => p.Counts.Reports > 0).Select(p => new Peak(p.Start, p.Counts.Reports)).DefaultIfEmpty()
            .MaxBy(p => p.ReportsPerMinute);

    // Its incidents outlive a service that left the catalog.
    private static Service Gone(ServiceSlug slug) => new(slug, slug.ToString(), "", [], null, "Etc/UTC", null);

    private readonly record struct Stretch(ServiceSlug Service, Minute From, Minute? To);

    private sealed record Counted(
        int Reports, long Reporters, Peak Peak,
        ImmutableArray<Share<Problem>> Problems, ImmutableArray<Share<Surface>> Surfaces, ImmutableArray<Share<Region>> Regions);
}
