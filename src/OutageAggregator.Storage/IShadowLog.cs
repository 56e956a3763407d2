namespace OutageAggregator.Storage;

/// <summary>
/// What a candidate detector would have said, had it been the live one. It lies beside the incident log, and apart from it: a type of its
/// own, so that nobody who asks for the incident log is given this one.
/// </summary>
public interface IShadowLog
{
    /// <summary>
    /// The would-be incidents, of all candidates there were; the evidence of each names its detector. Numbered apart from the real ones.
    /// </summary>
    IIncidentLog Incidents { get; }

    /// <summary>
    /// Notes that a candidate runs from an instant on. Where it was the last one noted, nothing is written: its run goes on.
    /// </summary>
    /// <param name="detector">The candidate's name, or null where none runs.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The run that goes on, or null where none does.</returns>
    /// <exception cref="StoreUnavailableException">It could not be noted, or it is not known.</exception>
    Task<ShadowRun?> NoteAsync(string? detector, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The run that goes on, or null where none does.</summary>
    Task<ShadowRun?> ReadRunAsync(CancellationToken cancellation);
}

/// <summary>One candidate, running beside the live detector without a pause but for the server's own.</summary>
/// <param name="Detector">The candidate's name.</param>
/// <param name="Since">When it began.</param>
public sealed record ShadowRun(string Detector, DateTimeOffset Since);
