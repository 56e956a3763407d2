namespace OutageAggregator.Runtime.Intake;

/// <summary>The watches, wherever they live: grains of this process alone, or of a cluster.</summary>
public interface IWatches
{
    /// <summary>How much real time should lie between two batches of one service and region; zero where a batch costs next to nothing.</summary>
    TimeSpan Spacing { get; }

    /// <summary>
    /// Has the batch's watch store it durably and take it into its window: one call per key and batch, never one per report.
    /// </summary>
    /// <returns>
    /// The store's answer: one receipt per report, in order. Sending the same batch again answers the first receipts and counts nothing.
    /// </returns>
    /// <exception cref="StoreUnavailableException">
    /// It is not known whether the batch was stored: send the same batch again, or answer 503.
    /// </exception>
    Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation);

    /// <summary>Takes a report back, from the store and from its watch's window.</summary>
    /// <returns>False where no such report is known.</returns>
    Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation);

    /// <summary>
    /// Adds to a report what its reporter tells later (<see cref="ICountStore.AmendAsync"/>). Where that moves it to another region, both
    /// regions' watches see it.
    /// </summary>
    /// <returns>The report as it stands now; null where no such report is known.</returns>
    Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation);
}
