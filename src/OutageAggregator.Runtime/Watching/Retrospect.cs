namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// Judges again, from the stored minutes, what was judged when they were new: the watches are restored to the minute before, without what
/// the log says of the incident and of later ones, and decide once more. They come to the same numbers, but for what changed since (reports
/// taken back, minutes pruned) and for the noise, which a running watch remembers longer than a restored one.
/// </summary>
public sealed class Retrospect(WatchLoader loader)
{
    /// <summary>The opening of an incident as the stored minutes bring it about, or null where they don't any more.</summary>
    public async Task<Incident?> OpenAgainAsync(Incident incident, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var said = Minute.Of(incident.DetectedAt);
        var (service, _) = await loader.LoadAsync(incident.Id.Service, said, cancellation, incident.Id.Number);
        return service.Plan().Events
            .Where(e => e.Kind == IncidentEventKind.Opened && e.At == incident.DetectedAt)
            .Select(e => e.Incident)
            .FirstOrDefault();
    }
}
