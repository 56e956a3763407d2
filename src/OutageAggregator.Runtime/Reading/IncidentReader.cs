using System.Collections.Immutable;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Reading;

/// <summary>One sentence in the languages of the site: factual, and complete enough to be cited alone.</summary>
public sealed record Sentences(string En, string It, string Fa, string Es);

/// <summary>An incident with what was counted while it lasted: [StartedAt, EndedAt), or until now while it is open.</summary>
/// <param name="Incident">What the log says of it.</param>
/// <param name="Service">The service, as the catalog knows it.</param>
/// <param name="Reports">Reports told in time.</param>
/// <param name="Reporters">Distinct reporters among them, estimated; never more than <paramref name="Reports"/>.</param>
/// <param name="Problems">Most reported first.</param>
/// <param name="Surfaces">Most reported first.</param>
/// <param name="Regions">All regions reports came from, most reported first; the incident itself names those judged in outage.</param>
/// <param name="Sentence">The sentence to cite.</param>
public sealed record IncidentView(
    Incident Incident,
    Service Service,
    int Reports,
    long Reporters,
    ImmutableArray<Share<Problem>> Problems,
    ImmutableArray<Share<Surface>> Surfaces,
    ImmutableArray<Share<Region>> Regions,
    Sentences Sentence);

/// <summary>Reads incidents with their counts, from the log and the counts.</summary>
public sealed class IncidentReader(Catalog catalog, ICountStore counts, IIncidentLog log, TimeProvider clock)
{
    /// <summary>The incidents that match, the latest onset first.</summary>
    public ValueTask<ImmutableArray<IncidentView>> FindAsync(IncidentQuery query, CancellationToken cancellation)
    {
        _ = (catalog, counts, log, clock);
        throw new InvalidOperationException("being built");
    }

    /// <summary>One incident as it stands now, or null.</summary>
    public ValueTask<IncidentView?> ReadAsync(IncidentId id, CancellationToken cancellation) =>
        throw new InvalidOperationException("being built");

    /// <summary>Everything the log says of an incident, in time order; empty where there is no such incident.</summary>
    public async ValueTask<ImmutableArray<LoggedEvent>> EventsAsync(IncidentId id, CancellationToken cancellation) =>
        [.. await log.ReadIncidentAsync(id, cancellation)];
}
