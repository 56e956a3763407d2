using OutageAggregator.Core.Series;

namespace OutageAggregator.Runtime.Watching;

/// <summary>A look of the live watches at the clock.</summary>
/// <param name="End">The minute that was going on.</param>
/// <param name="Gap">Minutes before it in which nothing could be reported.</param>
internal readonly record struct ShadowTick(Minute End, MinuteRange Gap);

/// <summary>
/// The looks that the shadow has not followed yet, in order, each minute once: what the live watches closed in one go is closed in one go.
/// </summary>
internal sealed class ShadowTicks
{
    // A group is made from the store up to a few minutes ago, and closes the others as the live ones did.
    private const int KeptMinutes = 16;

    // Two days without a round. The oldest go first: their minutes are closed together with later ones then.
    private const int Most = 2 * Minute.PerDay;

    private readonly Lock _gate = new();
    private readonly List<ShadowTick> _ticks = [];

    internal void Add(Minute end, MinuteRange gap)
    {
        lock (_gate)
        {
            if (_ticks.Count > 0 && _ticks[^1].End >= end)
                return;
            if (_ticks.Count == Most)
                _ticks.RemoveAt(0);
            _ticks.Add(new ShadowTick(end, gap));
        }
    }

    /// <summary>All of them; there is at least one once there was any.</summary>
    internal ShadowTick[] Take()
    {
        lock (_gate)
            return [.. _ticks];
    }

    /// <summary>All watches have followed up to a minute.</summary>
    internal void Forget(Minute followed)
    {
        lock (_gate)
            _ = _ticks.RemoveAll(t => t.End < followed - KeptMinutes);
    }
}
