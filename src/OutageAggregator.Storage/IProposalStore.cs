namespace OutageAggregator.Storage;

/// <summary>
/// What people report that the catalog lacks, grouped by name, and the services that were accepted of it. Apart from the counts on purpose:
/// any text may be named here, so everything is bounded (<see cref="ProposalRules"/>), and nothing of it is judged, listed or published
/// until an operator accepts it.
/// <para>
/// What is answered is durable. One reporter counts once per name within <see cref="ReportRules.OncePer"/>. A store reads no clock.
/// </para>
/// </summary>
public interface IProposalStore
{
    /// <summary>True where other processes may accept services, too: then their number has to be looked at now and then.</summary>
    bool IsShared { get; }

    /// <summary>
    /// Counts a press, once; makes its group where there is none and a place for it. From the moment in which a service is accepted nothing
    /// more is counted into its group: what is read of it then is all there is.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It was not counted, or it is not known.</exception>
    Task<NamingReceipt> NameAsync(Naming naming, CancellationToken cancellation);

    /// <summary>All groups, in no order.</summary>
    Task<IReadOnlyList<Proposal>> ReadAsync(DateTimeOffset now, CancellationToken cancellation);

    /// <summary>One group, or null.</summary>
    Task<Proposal?> FindAsync(ProposalId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>What was counted of a group; empty where there is none.</summary>
    Task<ProposedCounts> ReadCountsAsync(ProposalId id, CancellationToken cancellation);

    /// <summary>Forgets a group, its counts and who named it.</summary>
    /// <returns>False where there is none, or it was accepted: its counts are to be the service's.</returns>
    Task<bool> ForgetAsync(ProposalId id, CancellationToken cancellation);

    /// <summary>Keeps an accepted service for ever. Its group stays as it is until its counts are moved, against new names too.</summary>
    /// <returns>
    /// What stands under its slug or for its proposal: the given one, or one that was accepted before, which stays as it is.
    /// </returns>
    Task<AcceptedProposal> AcceptAsync(AcceptedProposal accepted, CancellationToken cancellation);

    /// <summary>The counts are the service's: the group goes, and the service may be shown. Idempotent.</summary>
    Task MovedAsync(ServiceSlug slug, CancellationToken cancellation);

    /// <summary>All services that were accepted, the oldest first.</summary>
    Task<IReadOnlyList<AcceptedProposal>> ReadAcceptedAsync(CancellationToken cancellation);

    /// <summary>Grows whenever a service may be shown that could not before. Costs one small look.</summary>
    Task<long> ReadVersionAsync(CancellationToken cancellation);
}
