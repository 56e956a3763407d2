using OutageAggregator.Core.Services;

namespace OutageAggregator.Core.Watching;

/// <summary>What one watch observes: one service in one region.</summary>
public readonly record struct WatchKey(ServiceSlug Service, Region Region)
{
    public override string ToString() => $"{Service}/{Region}";
}
