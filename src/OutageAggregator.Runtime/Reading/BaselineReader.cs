using OutageAggregator.Core.Baselines;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// What is usual, for readers (pages, API, situations): the baseline of a service and region as learnt from the stored half hours
/// before a minute, with the incidents of the log left out. Kept in a bounded cache and learnt anew as half hours pass.
/// </summary>
public sealed class BaselineReader(WatchLoader loader, TimeProvider clock)
{
    // 5 KB each.
    private const int Capacity = 4_096;

    private readonly AnswerCache<(WatchKey Key, Minute AsOf), Baseline> _baselines =
        new(clock, TimeSpan.FromMinutes(Baseline.SpanMinutes), Capacity);

    /// <summary>
    /// The baseline as it stood at <paramref name="asOf"/>: learnt from the four weeks before it. The caller's own copy.
    /// </summary>
    public async Task<Baseline> ReadAsync(WatchKey key, Minute asOf, CancellationToken cancellation)
    {
        var shared = await _baselines.GetAsync(
            (key, asOf.FloorTo(Baseline.SpanMinutes)),
            asked => loader.LoadBaselineAsync(asked.Key, asked.AsOf, CancellationToken.None),
            cancellation);
        return shared.Copy();
    }
}
