using System.Collections.Concurrent;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Runtime.Watching.Apart;

namespace OutageAggregator.Runtime.Tests.Watching.Apart;

/// <summary>
/// The hosts of a cluster as objects in this process: each is loaded with its first call and lets one caller in at a time, as a grain does.
/// So what a cluster decides is tested where there is no cluster.
/// </summary>
internal sealed class ApartWatches(HostParts parts) : IWatches
{
    private readonly ConcurrentDictionary<ServiceSlug, Held<ServiceHost>> _services = new();
    private readonly ConcurrentDictionary<WatchKey, Held<RegionHost>> _regions = new();

    public Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation) => Region(batch.Key).AskAsync(async host =>
    {
        if (host.IsLeftAlone)
            _ = (await Service(batch.Key.Service).HostAsync()).Join(batch.Key.Region);
        return await host.RecordAsync(batch, cancellation);
    });

    public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation)
    {
        if (await parts.Counts.WithdrawAsync(id, cancellation) is not { } withdrawal)
            return false;
        return await Region(withdrawal.Key).AskAsync(host =>
        {
            host.Changed(withdrawal.Report.At);
            return Task.FromResult(true);
        });
    }

    /// <summary>Has the watch of a service look at the clock.</summary>
    public Task TickAsync(ServiceSlug service) => Service(service).AskAsync(async host =>
    {
        await host.TickAsync(AskRegionAsync, CancellationToken.None);
        return true;

        async Task<IReadOnlyList<RegionReading>?> AskRegionAsync(Region region, ClosingMinutes minutes) =>
            await Region(new WatchKey(service, region)).AskAsync(h => h.CloseAsync(minutes, CancellationToken.None));
    });

    private Held<ServiceHost> Service(ServiceSlug service) =>
        _services.GetOrAdd(service, s => new Held<ServiceHost>(() => ServiceHost.LoadAsync(s, parts, CancellationToken.None)));

    private Held<RegionHost> Region(WatchKey key) => _regions.GetOrAdd(key, k => new Held<RegionHost>(async () =>
        await RegionHost.LoadAsync(k, (await Service(k.Service).HostAsync()).Join(k.Region), parts, CancellationToken.None)));

    private sealed class Held<T>(Func<Task<T>> load)
    {
        private readonly SemaphoreSlim _gate = new(1);
        private readonly Lazy<Task<T>> _host = new(load);

        /// <summary>The host itself, for a call that may come in while another one waits.</summary>
        public Task<T> HostAsync() => _host.Value;

        public async Task<TAnswer> AskAsync<TAnswer>(Func<T, Task<TAnswer>> ask)
        {
            await _gate.WaitAsync();
            try
            {
                return await ask(await _host.Value);
            }
            finally
            {
                _ = _gate.Release();
            }
        }
    }
}
