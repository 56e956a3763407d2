using Orleans.Concurrency;
using Orleans.Placement;

namespace OutageAggregator.Cluster.Grains;

/// <summary>The watch of a service, all regions together: it holds the incident. Its key is the service's slug.</summary>
[Alias("service-watch")]
internal interface IServiceWatchGrain : IGrainWithStringKey
{
    /// <summary>A region has a watch. It interleaves: a tick may be waiting for the very region that joins.</summary>
    [AlwaysInterleave, Alias("join")]
    Task<JoinPoint> JoinAsync(Region region);

    /// <summary>Looks at the clock and closes what is over. Its node asks for it every few seconds once it is activated.</summary>
    [Alias("tick")]
    Task TickAsync();

    /// <summary>The same for the candidate detector beside it, which must not hold it up: it interleaves.</summary>
    [AlwaysInterleave, Alias("tick-candidate")]
    Task TickCandidateAsync();

    /// <summary>
    /// Loads it where it is not. It interleaves: a tick may be waiting for a region that was lost with its node. It takes as long as the
    /// store and the processor need for four weeks of a service; nobody but the one who wakes waits for it.
    /// </summary>
    [AlwaysInterleave, ResponseTimeout("00:05:00"), Alias("wake")]
    Task WakeAsync();
}

/// <summary>Hosts the watch of a service. It stays as long as there is something to watch, and goes when all is quiet.</summary>
[HashBasedPlacement]
internal sealed class ServiceWatchGrain(
    HostParts parts, CandidateRun candidate, HostedServices hosted, WatchGrains watches, RegionPatience patience, ILogger<AskedRegions> logger)
    : Grain, IServiceWatchGrain
{
    private Task<ServiceHost>? _host;

    private AskedRegions Regions => field ??= new AskedRegions(Slug, watches, patience, logger);

    private CandidateWatch? Candidate => field ??= candidate.WatchOf(Slug);
    private ServiceSlug Slug => ServiceSlug.Parse(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        hosted.Add(Slug, watches.Of(Slug));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        hosted.Remove(Slug);
        return Task.CompletedTask;
    }

    public async Task<JoinPoint> JoinAsync(Region region) => (await HostAsync()).Join(region);

    public Task WakeAsync() => HostAsync();
    public Task TickCandidateAsync() => Candidate?.TickAsync(CancellationToken.None) ?? Task.CompletedTask;

    public async Task TickAsync()
    {
        try
        {
            // After a restart hundreds of them load at once, and each takes longer than a look may wait.
            if (_host is { IsCompleted: false })
                return;
            var host = await HostAsync();
            await host.TickAsync(Regions.AskAsync, CancellationToken.None);
            Regions.Tell(host.Missing);
            _host = host.IsStale ? null : _host;
            if (host.IsIdle && Candidate?.IsIdle != false)
                DeactivateOnIdle();
        }
        catch (StoreUnavailableException)
        {
            // The next tick plans the same events again. Each node says so once for all of its services.
        }
    }

    // Not as it is activated: while the store is away Orleans would tell of each attempt as of an error of its own. Calls interleave, and
    // wait for one load.
    private Task<ServiceHost> HostAsync() => _host is { IsFaulted: false, IsCanceled: false } host ? host : _host = ServiceHost.LoadAsync(Slug, parts, CancellationToken.None);
}
