namespace OutageAggregator.Storage;

/// <summary>
/// The counts: what was reported, per service, region, minute and cell. It holds facts only; expectations, verdicts and
/// charts are derived from it by their readers.
/// <para>
/// Every store keeps three promises, which the contract tests check: what <see cref="AppendAsync"/> answered survives a
/// crash of the process (a memory store survives nothing, and says so); the same batch id counts once; one reporter
/// counts once per service and kind within <see cref="ReportRules.OncePer"/>, over all regions.
/// </para>
/// Ranges are half-open: [from, to). Where a key's region is <see cref="Region.World"/>, a reader gets the sum of all regions. Instants
/// are kept to the millisecond. A store reads no clock: its now is what batches and <see cref="ObserveAsync(DateTimeOffset,
/// CancellationToken)"/> last said, by which it also forgets what is too old.
/// </summary>
public interface ICountStore
{
    /// <summary>
    /// Counts a batch, durably and once, and answers with one receipt per report, in order. Appending a batch id again
    /// changes nothing and answers the first receipts, marked as a repeat; a batch is remembered for at least a day. Calls may overlap;
    /// the store commits what came together in one group.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored, or it is not known whether it was: send the same batch
    /// again.</exception>
    Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation);

    /// <summary>Takes a counted report back: its minute loses it, and its reporter may report again. Idempotent.</summary>
    /// <returns>The report as it was counted, with its key; null where no such report is known (never was, not counted, or over a day
    /// old).</returns>
    Task<Withdrawal?> WithdrawAsync(ReportId id, CancellationToken cancellation);

    /// <summary>
    /// Adds to a counted report what it does not say yet (<see cref="ToldReport.Add"/>), durably: where that is its problem, surface or
    /// region, its one count moves there. Told again it changes nothing, so a caller that got no answer sends the same again.
    /// </summary>
    /// <returns>The report as it stands now; null where no such report is known (never was, not counted, taken back, or over a day
    /// old).</returns>
    Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation);

    /// <summary>The non-empty spans of <paramref name="stepMinutes"/> minutes, ascending, aligned to its multiples since 1970.</summary>
    Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(
        WatchKey key, Minute from, Minute to, int stepMinutes, CellFilter filter, CancellationToken cancellation);

    /// <summary>
    /// From which minute on counts are kept in steps of a length. What lies before is there for incidents only, from an hour before one to an
    /// hour after it: that a minute has no count says nothing there.
    /// </summary>
    Minute KeptSince(int stepMinutes, Minute now);

    /// <summary>The cells counted over a stretch, each once, in cell order.</summary>
    Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation);

    /// <summary>The regions of a service with any count over a stretch, in code order.</summary>
    Task<IReadOnlyList<RegionTotal>> ReadRegionsAsync(ServiceSlug service, Minute from, Minute to, CancellationToken cancellation);

    /// <summary>The services with any count over a stretch, all regions together, in slug order. For short stretches (hours).</summary>
    Task<IReadOnlyList<ServiceTotal>> ReadServicesAsync(Minute from, Minute to, CancellationToken cancellation);

    /// <summary>
    /// Distinct reporters who said "down" in time over a stretch, widened to whole quarters of an hour and estimated (HyperLogLog,
    /// standard error 1.6 % above some hundreds, exact below).
    /// </summary>
    Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation);

    /// <summary>
    /// Sets recorded counts (a demo's history, another system's export), replacing what the named cells held. Not for live reports:
    /// it knows no reporters.
    /// </summary>
    Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation);

    /// <summary>Notes that reports could be taken at this instant. A minute never noted is a gap: its zero counts say nothing.</summary>
    Task ObserveAsync(DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Notes a stretch of imported minutes as observed.</summary>
    Task ObserveAsync(MinuteRange range, CancellationToken cancellation);

    /// <summary>The observed stretches that touch [from, to), clipped to it, ascending and disjoint.</summary>
    Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation);

    /// <summary>The newest instant noted, or null: the age of the data.</summary>
    Task<DateTimeOffset?> LastObservedAsync(CancellationToken cancellation);

    /// <summary>
    /// The services that may have a count since the minute <paramref name="from"/>, in slug order: what a restart has to restore. None is
    /// missing. One may be there that has none, where it was reported since of an earlier minute, where its counts were taken back, or
    /// where they lie in the same hour. Costs one look, however many services there are.
    /// </summary>
    Task<IReadOnlyList<ServiceSlug>> ReadReportedSinceAsync(Minute from, CancellationToken cancellation);
}

/// <summary>A report that was taken back.</summary>
/// <param name="Key">Where it was counted last.</param>
/// <param name="Report">The report as it was counted last, without its words.</param>
/// <param name="First">True for the call that took it back, false for a repeat.</param>
public sealed record Withdrawal(WatchKey Key, Report Report, bool First);

/// <summary>The store can't answer now; the caller may try again.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
