using OutageAggregator.Runtime.Intake;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// The watches behind a spool: what they can't store just now is kept on this machine's disk instead, and handed on by <see
/// cref="SpoolDrain"/>.
/// <code>
///   batch -> anything of its service in the spool? -- no --> the watches -- stored --> receipts
///              | yes: being handed on?    ^                             | store away
///              |-- yes: wait for its end -'                             |
///              +-- no -----> spool (fsync) &lt;-------------------------+
///                              '--> provisional receipts, 202
/// </code>
/// A batch goes to the spool at its first failure: a store that hangs costs its reporters one deadline and not two. It keeps its id, so
/// what the store took without being able to say so is not counted again.
/// </summary>
public sealed class SpooledWatches : IWatches
{
    private readonly Spool _spool;

    internal SpooledWatches(IWatches watches, Spool spool) => (Watches, _spool) = (watches, spool);

    internal IWatches Watches { get; }

    public TimeSpan Spacing => Watches.Spacing;

    public async Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        StoreUnavailableException? failure = null;
        await _spool.Services.UntilTurnEndsAsync(batch.Key.Service);
        if (!_spool.Services.Holds(batch.Key.Service))
        {
            try
            {
                return await Watches.RecordAsync(batch, cancellation);
            }
            catch (StoreUnavailableException e) when (_spool.IsOn)
            {
                failure = e;
            }
        }
        return await _spool.TakeAsync(batch, failure);
    }

    public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation) =>
        await _spool.WithdrawAsync(id) || await Watches.WithdrawAsync(id, cancellation);

    public async Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation)
    {
        var (isHere, amendment) = await _spool.AmendAsync(id, details);
        return isHere ? amendment : await Watches.AmendAsync(id, details, cancellation);
    }
}
