using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// What is usual, for readers (pages, API, situations): the baseline of a service and region as learnt from the stored half hours
/// before a minute, with the incidents of the log left out. Kept in a bounded cache and learnt anew as half hours pass.
/// </summary>
public sealed class BaselineReader(WatchLoader loader, ObservedReader observed, TimeProvider clock)
{
    private const int MostSpansBack = 3;

    // 5 KB each. The past apart: any caller can ask for as much of it as there is, and a full cache empties itself, which must not
    // cost every page the baselines it shows now.
    private readonly AnswerCache<(WatchKey Key, Minute AsOf), Baseline> _now =
        new(clock, TimeSpan.FromMinutes(Baseline.SpanMinutes), 4_096, keepsLast: true);
    private readonly AnswerCache<(WatchKey Key, Minute AsOf), Baseline> _past = new(clock, TimeSpan.FromMinutes(Baseline.SpanMinutes), 512);

    /// <summary>What was counted in the newest minutes, against what is usual in those of them that were observed.</summary>
    internal async ValueTask<Pulse> PulseAsync(WatchKey key, int reports, MinuteRange minutes, CancellationToken cancellation) =>
        Pulse.Of(reports, (await UsualAsync(key, minutes, cancellation))?.Mean);

    /// <summary>
    /// What is usual in the newest minutes, those of them that were observed, and how it scatters; null where it is not known. A baseline
    /// that knows too little answers with a prior. That is for the detector, which needs a number; it is no fact to show.
    /// </summary>
    internal async ValueTask<Expectation?> UsualAsync(WatchKey key, MinuteRange minutes, CancellationToken cancellation)
    {
        var baseline = await ReadAsync(key, minutes.To - 1, cancellation);
        if (!baseline.Knows(minutes.To - 1))
            return null;
        var usual = new UsualSum();
        foreach (var stretch in (await observed.ReadAsync(cancellation)).Of(minutes))
            usual.Add(baseline, stretch);
        return usual.Expectation;
    }

    /// <summary>The baseline as it stood at <paramref name="asOf"/>: learnt from the four weeks before it. The caller's own copy.</summary>
    public async Task<Baseline> ReadAsync(WatchKey key, Minute asOf, CancellationToken cancellation)
    {
        var span = asOf.FloorTo(Baseline.SpanMinutes);
        var isNow = span >= Minute.Of(clock.GetUtcNow()).FloorTo(Baseline.SpanMinutes);
        for (var back = 0; ; back++)
        {
            try
            {
                var shared = await (isNow ? _now : _past).GetAsync(
                    (key, span - (back * Baseline.SpanMinutes)),
                    asked => loader.LoadBaselineAsync(asked.Key, asked.AsOf, CancellationToken.None),
                    cancellation);
                return shared.Copy();
            }
            catch (StoreUnavailableException) when (isNow && back < MostSpansBack)
            {
                // What was usual half an hour ago is nearly what is usual now: better than none, while the store is away.
            }
            catch (StoreUnavailableException) when (!isNow && _now.Kept((key, span)) is { } known)
            {
                // The very same, learnt when it was of now: the store has been away since, and a half hour has passed meanwhile.
                return (await known).Copy();
            }
        }
    }
}
