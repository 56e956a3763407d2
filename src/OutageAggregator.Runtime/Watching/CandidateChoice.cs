using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Watching;

/// <summary>Whether a candidate detector runs, and says so in the shadow log.</summary>
/// <param name="run">Its run, or null where none runs.</param>
/// <param name="shadow">Where runs are noted.</param>
/// <param name="clock">The product's clock.</param>
public sealed class CandidateChoice(CandidateRun? run, IShadowLog shadow, TimeProvider clock)
{
    private bool _isNoneNoted;

    /// <summary>The candidate's run, or null where none runs.</summary>
    public CandidateRun? Run => run;

    /// <summary>The candidate's watch of a service, or null where none runs.</summary>
    public CandidateWatch? WatchOf(ServiceSlug service) => run is null ? null : new CandidateWatch(service, run);

    /// <summary>
    /// Notes that a candidate runs, or that none does: were it turned on again later, the time between would count as time in which it
    /// found nothing. It never throws, and does nothing once that is noted.
    /// </summary>
    public async Task NoteAsync(CancellationToken cancellation)
    {
        try
        {
            if (run is not null)
                _ = await run.PartsAsync(cancellation);
            else if (!_isNoneNoted)
                _ = await shadow.NoteAsync(null, clock.GetUtcNow(), cancellation);
            _isNoneNoted = true;
        }
        catch (Exception e) when (e is StoreUnavailableException or InvalidOperationException or OperationCanceledException)
        {
            // The next look tries again. A candidate's watches tell what fails.
        }
    }
}
