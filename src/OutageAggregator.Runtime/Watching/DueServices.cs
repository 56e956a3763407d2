namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// Says which services must have a watch somewhere: those with reports that a window still holds, and those that are not back to normal. A
/// watch that was lost with its node hears nothing until somebody calls it.
/// </summary>
/// <param name="counts">The counts.</param>
/// <param name="log">The incident log.</param>
/// <param name="candidate">What a candidate detector would have said, or null.</param>
/// <param name="clock">The product's clock.</param>
public sealed class DueServices(ICountStore counts, IIncidentLog log, CandidateRun? candidate, TimeProvider clock)
{
    /// <summary>The services to call, each once.</summary>
    /// <exception cref="StoreUnavailableException">The stores can't be read now.</exception>
    public async Task<IReadOnlyCollection<ServiceSlug>> ReadAsync(CancellationToken cancellation)
    {
        var due = new HashSet<ServiceSlug>(await counts.ReadReportedSinceAsync(Minute.Of(clock.GetUtcNow()) - Window.Reach, cancellation));
        due.UnionWith(Unsettled(await log.ReadNewestAsync(cancellation)));
        if (candidate is not null)
            due.UnionWith(await candidate.ReadUnsettledAsync(cancellation));
        return due;
    }

    internal static IEnumerable<ServiceSlug> Unsettled(IEnumerable<LoggedEvent> newest) =>
        newest.Where(e => e.Event.Status != ServiceStatus.Normal).Select(e => e.Event.Service);
}
