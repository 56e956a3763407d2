using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Watching.Apart;

/// <summary>
/// Says which services must have a watch somewhere: those with an open incident or not back to normal, and those with reports that a window still
/// holds. A watch that was lost with its node hears nothing until somebody calls it.
/// </summary>
public sealed class WatchCall(HostParts parts)
{
    // Asked by all nodes, and the answer costs a look at each service's regions.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(4);

    private DateTimeOffset _asked = DateTimeOffset.MinValue;

    /// <summary>The services to call; none where that was asked a moment ago.</summary>
    /// <exception cref="StoreUnavailableException">The stores can't be read now.</exception>
    public async Task<IReadOnlyCollection<ServiceSlug>> DueAsync(CancellationToken cancellation)
    {
        var now = parts.Clock.GetUtcNow();
        if (now - _asked < s_pause)
            return [];
        var due = await parts.Loader.ReadWatchedAsync(Minute.Of(now) - Window.Reach, await parts.Loader.ReadNewestAsync(cancellation), cancellation);
        _asked = now;
        return due;
    }
}
