using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Watching.Apart;

namespace OutageAggregator.Cluster.Grains;

/// <summary>Hosts the watch of a service. It stays as long as there is something to watch, and goes when all is quiet.</summary>
internal sealed partial class ServiceWatchGrain(HostParts parts, ILogger<ServiceWatchGrain> logger) : Grain, IServiceWatchGrain
{
    private readonly HashSet<Region> _broken = [];
    private ServiceHost _host = null!;

    private ServiceSlug Slug => ServiceSlug.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _host = await ServiceHost.LoadAsync(Slug, parts, cancellationToken);
        var period = TimeSpan.FromSeconds(parts.Settings.TickSeconds);
        _ = this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(period, period) { KeepAlive = true });
    }

    public Task<Standing> JoinAsync(Region region) => Task.FromResult(_host.Join(region));

    public Task WakeAsync() => Task.CompletedTask;

    public async Task TickAsync()
    {
        try
        {
            await _host.TickAsync(AskAsync, CancellationToken.None);
        }
        catch (StoreUnavailableException e)
        {
            // The next tick plans the same events again. Each node says so once for all of its services.
            NotWatched(Slug, e.Message);
        }
        if (_host.IsIdle)
            DeactivateOnIdle();
    }

    private async Task<IReadOnlyList<RegionReading>?> AskAsync(Region region, ClosingMinutes minutes)
    {
        try
        {
            return await GrainFactory.GetGrain<IRegionWatchGrain>(new WatchKey(Slug, region).ToString()).CloseAsync(minutes);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
        {
            return null;
        }
        catch (Exception e)
        {
            // A region that can't be read must not keep the others from being watched, and must not go unseen either.
            if (_broken.Add(region))
                NotRead(e, Slug, region);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Service} can't be watched now, trying again at the next tick: {Reason}")]
    private partial void NotWatched(ServiceSlug service, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Service} is watched without {Region}, which can't be read")]
    private partial void NotRead(Exception error, ServiceSlug service, Region region);
}
