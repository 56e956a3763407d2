namespace OutageAggregator.Runtime.Watching;

/// <summary>Where a region's watch joins the watch of its service.</summary>
/// <param name="End">The first minute that the service's watch has not closed.</param>
/// <param name="Mode">What its regions must follow.</param>
public readonly record struct JoinPoint(Minute End, WatchMode Mode);

/// <summary>Asks a region to close minutes, the same for all regions of a service.</summary>
/// <param name="From">The first minute.</param>
/// <param name="To">The minute after the last one.</param>
/// <param name="Observed">The stretches of it in which reports could be taken, ascending and disjoint.</param>
/// <param name="Mode">What to follow meanwhile.</param>
public sealed record ClosingMinutes(Minute From, Minute To, IReadOnlyList<MinuteRange> Observed, WatchMode Mode)
{
    /// <summary>Whether reports could be taken in a minute.</summary>
    public bool IsObserved(Minute minute) => Observed.Any(stretch => stretch.Contains(minute));
}
