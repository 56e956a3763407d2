namespace OutageAggregator.Cluster.Grains;

/// <summary>The regions of one service, which its watch asks to close minutes, wherever they are.</summary>
/// <param name="service">Whose regions.</param>
/// <param name="watches">References to their watches.</param>
/// <param name="patience">How long one of them is waited for at each look.</param>
/// <param name="logger">For operators.</param>
internal sealed partial class AskedRegions(ServiceSlug service, WatchGrains watches, RegionPatience patience, ILogger<AskedRegions> logger)
{
    private readonly Dictionary<Region, Exception> _failures = [];
    private readonly HashSet<Region> _told = [];

    /// <summary>See <see cref="AskRegion"/>. One that takes too long goes on, and the next look finds what it closed.</summary>
    public async Task<IReadOnlyList<RegionReading>?> AskAsync(Region region, ClosingMinutes minutes)
    {
        try
        {
            var closing = watches.Of(new WatchKey(service, region)).CloseAsync(minutes);
            closing.Ignore();
            var readings = await closing.WaitAsync(patience.AtEachLook);
            // Without readings it can't use the store, of which each node tells once for all of its watches.
            _ = _failures.Remove(region);
            if (readings is not null && _told.Remove(region))
                IsWithAgain(service, region);
            return readings;
        }
        catch (Exception e)
        {
            // A region that fails must not keep the others from being watched.
            _failures[region] = e;
            return null;
        }
    }

    /// <summary>Tells operators, once, of regions without which minutes were closed.</summary>
    public void Tell(IReadOnlyCollection<Region> missing)
    {
        foreach (var region in missing)
        {
            if (_failures.TryGetValue(region, out var failure) && _told.Add(region))
                IsWithout(LostCalls.IsLost(failure) ? null : failure, service, region, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} is watched without {Region}, which did not answer in time ({Reason}). Its next answer brings the minutes that are missing")]
    private partial void IsWithout(Exception? failure, ServiceSlug service, Region region, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} is watched with {Region} again")]
    private partial void IsWithAgain(ServiceSlug service, Region region);
}

/// <summary>How long a service's watch waits for one of its regions.</summary>
/// <param name="AtEachLook">At each look at the clock; it asks again at the next one.</param>
internal sealed record RegionPatience(TimeSpan AtEachLook);
