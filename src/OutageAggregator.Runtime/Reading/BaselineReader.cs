using OutageAggregator.Core.Baselines;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// What is usual, for readers (pages, API, situations): the baseline of a service and region as learnt from the stored half hours
/// before a minute, with the incidents of the log left out. Kept in a bounded cache and learnt anew as half hours pass.
/// </summary>
public sealed class BaselineReader
{
    /// <summary>The baseline as it stood at <paramref name="asOf"/>: learnt from the four weeks before it.</summary>
    public Task<Baseline> ReadAsync(WatchKey key, Minute asOf, CancellationToken cancellation) =>
        throw new InvalidOperationException("being built");
}
