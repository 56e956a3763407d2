namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// The candidate detector's watch of one service. It stands beside the live one and harms nothing: it is told of no report, and reads what
/// it closes from the store when the live watch has closed it. A call that comes while the former one goes on (a store that hangs) does
/// nothing, and what broke is dropped and made anew from the stores after a minute. No call throws.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="run">The candidate's run.</param>
public sealed class CandidateWatch(ServiceSlug service, CandidateRun run)
{
    // Making the watches anew costs up to a tenth of a second, and what broke may break again.
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    // A report counts in the minute it speaks of, which may be so many minutes ago.
    private static readonly int s_lateMinutes = (int)Core.Reports.ReportRules.LateAfter.TotalMinutes + 1;

    private readonly Dictionary<Region, RegionHost> _regions = [];
    private ServiceHost? _host;
    private DateTimeOffset _retryAt = DateTimeOffset.MinValue;
    private bool _isBusy;

    /// <summary>True where nothing is left to watch.</summary>
    public bool IsIdle => _host?.IsIdle ?? true;

    /// <summary>Closes the minutes that are over and logs what follows.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        if (_isBusy || run.Clock.GetUtcNow() < _retryAt)
            return;
        _isBusy = true;
        try
        {
            await TickAsync(await run.PartsAsync(cancellation), cancellation);
            run.Tell(service, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops; what is open is in the stores.
        }
        catch (StoreUnavailableException e) when (_host is not null)
        {
            // The next tick plans the same events again.
            run.Tell(service, e);
        }
        catch (Exception e)
        {
            (_host, _retryAt) = (null, run.Clock.GetUtcNow() + s_pause);
            _regions.Clear();
            run.Tell(service, e);
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task TickAsync(HostParts parts, CancellationToken cancellation)
    {
        var host = _host ??= await ServiceHost.LoadAsync(service, parts, cancellation);
        var now = Minute.Of(parts.Clock.GetUtcNow());
        // One minute after the other, however late it is: what it says, and when, must not depend on how long a store hung.
        for (var end = Minute.Min(host.End + 1, now); end <= now && host.End >= end - 1; end++)
        {
            await JoinRegionsAsync(host, end, parts, cancellation);
            await host.TickAsync(end, (region, minutes) => CloseAsync(region, minutes, cancellation), cancellation);
            if (host.IsStale)
                throw new InvalidOperationException("The shadow log holds other events than were planned.");
        }
    }

    private async Task JoinRegionsAsync(ServiceHost host, Minute end, HostParts parts, CancellationToken cancellation)
    {
        if (host.End == end)
            return;
        foreach (var (region, _) in await parts.Counts.ReadRegionsAsync(service, host.End - Window.Reach, end, cancellation))
        {
            if (!_regions.ContainsKey(region))
                _regions.Add(region, await RegionHost.LoadAsync(new WatchKey(service, region), host.Join(region), parts, cancellation));
        }
    }

    private async Task<IReadOnlyList<RegionReading>?> CloseAsync(Region region, ClosingMinutes minutes, CancellationToken cancellation)
    {
        // One that the service knows from the past, and that nobody reported from since.
        if (!_regions.TryGetValue(region, out var host))
            return [];
        host.Doubt(minutes.From - s_lateMinutes, minutes.To - 1);
        return await host.CloseAsync(minutes, cancellation);
    }
}
