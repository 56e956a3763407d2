using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Watching.Apart;

namespace OutageAggregator.Cluster.Grains;

/// <summary>Hosts the watch of a service. It stays as long as there is something to watch, and goes when all is quiet.</summary>
internal sealed partial class ServiceWatchGrain(HostParts parts, ILogger<ServiceWatchGrain> logger) : Grain, IServiceWatchGrain
{
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
            // The next tick plans the same events again.
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
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} can't be watched now, trying again at the next tick: {Reason}")]
    private partial void NotWatched(ServiceSlug service, string reason);
}
