using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Tests.Watching;

/// <summary>What gets lost between a store and who asks it.</summary>
internal enum Loss
{
    Nothing,

    /// <summary>The batch on its way there.</summary>
    Batch,

    /// <summary>The answer to a batch that was stored.</summary>
    Answer,

    /// <summary>The answer to a batch that was stored, and all that is read.</summary>
    AnswerAndReads,
}

/// <summary>A real store at the other end of a connection that fails when it is told to.</summary>
internal sealed class LosingCountStore(ICountStore store) : ICountStore
{
    internal Loss Loses { get; set; }

    public async Task<BatchReceipt> AppendAsync(ReportBatch batch, CancellationToken cancellation)
    {
        if (Loses == Loss.Batch)
            throw new StoreUnavailableException("The batch was lost.");
        var receipt = await store.AppendAsync(batch, cancellation);
        return Loses == Loss.Nothing ? receipt : throw new StoreUnavailableException("The answer was lost.");
    }

    public Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(
        WatchKey key, Minute from, Minute to, int stepMinutes, CellFilter filter, CancellationToken cancellation) =>
        Loses == Loss.AnswerAndReads
            ? throw new StoreUnavailableException("Nothing can be read.")
            : store.ReadSeriesAsync(key, from, to, stepMinutes, filter, cancellation);

    public Minute KeptSince(int stepMinutes, Minute now) => store.KeptSince(stepMinutes, now);

    public Task<Withdrawal?> WithdrawAsync(ReportId id, CancellationToken cancellation) => store.WithdrawAsync(id, cancellation);

    public Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation) =>
        store.AmendAsync(id, details, cancellation);

    public Task<IReadOnlyList<CellTotal>> ReadFacetsAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation) =>
        store.ReadFacetsAsync(key, from, to, cancellation);

    public Task<IReadOnlyList<RegionTotal>> ReadRegionsAsync(ServiceSlug service, Minute from, Minute to, CancellationToken cancellation) =>
        store.ReadRegionsAsync(service, from, to, cancellation);

    public Task<IReadOnlyList<ServiceTotal>> ReadServicesAsync(Minute from, Minute to, CancellationToken cancellation) =>
        store.ReadServicesAsync(from, to, cancellation);

    public Task<long> CountReportersAsync(WatchKey key, Minute from, Minute to, CancellationToken cancellation) =>
        store.CountReportersAsync(key, from, to, cancellation);

    public Task ImportAsync(WatchKey key, IReadOnlyList<CellCount> counts, CancellationToken cancellation) => store.ImportAsync(key, counts, cancellation);

    public Task ObserveAsync(DateTimeOffset now, CancellationToken cancellation) => store.ObserveAsync(now, cancellation);

    public Task ObserveAsync(MinuteRange range, CancellationToken cancellation) => store.ObserveAsync(range, cancellation);

    public Task<IReadOnlyList<MinuteRange>> ReadObservedAsync(Minute from, Minute to, CancellationToken cancellation) =>
        store.ReadObservedAsync(from, to, cancellation);

    public Task<DateTimeOffset?> LastObservedAsync(CancellationToken cancellation) => store.LastObservedAsync(cancellation);

    public Task<IReadOnlyList<ServiceSlug>> ReadReportedSinceAsync(Minute from, CancellationToken cancellation) => store.ReadReportedSinceAsync(from, cancellation);
}
