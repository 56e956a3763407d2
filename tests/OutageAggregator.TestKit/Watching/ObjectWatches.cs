using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Contracts;
using OutageAggregator.Core.Watching;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Storage;

namespace OutageAggregator.TestKit.Watching;

/// <summary>
/// The hosts of watches as objects in this process: each is loaded with its first call and lets one caller in at a time, as a grain does. So what
/// they decide is tested without a silo, and as fast as the processor goes.
/// </summary>
public sealed class ObjectWatches : IWatches
{
    private readonly ConcurrentDictionary<ServiceSlug, Held<ServiceHost>> _services = new();
    private readonly ConcurrentDictionary<ServiceSlug, CandidateWatch> _candidates = new();
    private readonly ConcurrentDictionary<WatchKey, Held<RegionHost>> _regions = new();
    private readonly HostParts _parts;
    private readonly CandidateRun? _candidate;
    private readonly DueServices _due;

    /// <param name="parts">What the hosts are made of (<see cref="Parts"/>).</param>
    /// <param name="log">The incident log.</param>
    /// <param name="candidate">A candidate detector's run beside, or null.</param>
    public ObjectWatches(HostParts parts, IIncidentLog log, CandidateRun? candidate = null)
    {
        (_parts, _candidate) = (parts, candidate);
        _due = new DueServices(parts.Counts, log, candidate, parts.Clock);
    }

    /// <summary>The candidate's round that the last tick started, which no tick waits for.</summary>
    public Task CandidateRound { get; private set; } = Task.CompletedTask;

    public TimeSpan Spacing => TimeSpan.Zero;

    /// <summary>Notes that reports can be taken.</summary>
    internal MinuteObserver Observer => _parts.Observer;

    internal static HostParts Parts(
        ICountStore counts, IIncidentLog log, Catalog catalog, TimeProvider clock, WatchSettings? settings = null, Spool? spool = null)
    {
        settings ??= new WatchSettings();
        return new HostParts(
            counts, new WatchLoader(counts, log, catalog, settings), new WatchRunner(log, NullLogger<WatchRunner>.Instance),
            new MinuteObserver(counts, clock, spool), clock, settings);
    }

    /// <summary>Hosts over stores.</summary>
    internal static ObjectWatches Over(ICountStore counts, IIncidentLog log, Catalog catalog, TimeProvider clock, WatchSettings? settings = null, Spool? spool = null) =>
        new(Parts(counts, log, catalog, clock, settings, spool), log);

    /// <summary>Hosts over stores, with a candidate detector beside.</summary>
    internal static ObjectWatches Over(
        ICountStore counts, IIncidentLog log, Catalog catalog, TimeProvider clock, string candidate, IShadowLog shadow, ILogger<CandidateRun> logger)
    {
        var parts = Parts(counts, log, catalog, clock, new WatchSettings { Shadow = candidate });
        return new ObjectWatches(parts, log, new CandidateRun(parts, log, shadow, catalog, logger));
    }

    /// <summary>As a test's host, started: its first look wakes what is due.</summary>
    internal async Task<WatchHost> StartAsync(ICountStore counts, IIncidentLog log, Func<ValueTask>? stop = null, Func<bool>? isCandidateAwaited = null)
    {
        await TickAsync();
        return new WatchHost(this, counts, log, TickAsync, stop ?? (() => ValueTask.CompletedTask));

        async Task TickAsync()
        {
            await LookAsync();
            if (isCandidateAwaited?.Invoke() != false)
                await CandidateRound;
        }
    }

    public Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Region(batch.Key).AskAsync(async host =>
        {
            if (host.IsLeftAlone)
                _ = (await Service(batch.Key.Service).HostAsync()).Join(batch.Key.Region);
            return await host.RecordAsync(batch, cancellation);
        });
    }

    public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation)
    {
        if (await _parts.Counts.WithdrawAsync(id, cancellation) is not { } withdrawal)
            return false;
        return withdrawal.Report.Cell.IsLate || await Region(withdrawal.Key).AskAsync(host =>
        {
            host.Changed(withdrawal.Report.At);
            return Task.FromResult(true);
        });
    }

    public async Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation)
    {
        var amendment = await _parts.Counts.AmendAsync(id, details, cancellation);
        if (amendment is not { IsMoved: true, Told: var (key, report, _) } || report.Cell.IsLate)
            return amendment;
        _ = (await Service(key.Service).HostAsync()).Join(key.Region);
        foreach (var changed in new[] { amendment.From, key })
        {
            _ = await Region(changed).AskAsync(host =>
            {
                host.Changed(report.At);
                return Task.FromResult(true);
            });
        }
        return amendment;
    }

    /// <summary>Looks at the clock, as a node does every few seconds.</summary>
    public async Task LookAsync()
    {
        await Observer.LookAsync(CancellationToken.None);
        foreach (var service in _services.Keys)
            await TickAsync(service);
        foreach (var service in await _due.ReadAsync(CancellationToken.None))
            _ = await Service(service).HostAsync();
        if (_candidate is not null && CandidateRound.IsCompleted)
            CandidateRound = RoundAsync(_candidate);
    }

    private async Task RoundAsync(CandidateRun run)
    {
        await run.NoteAsync(CancellationToken.None);
        await Task.WhenAll(_services.Keys.Select(s => _candidates.GetOrAdd(s, slug => new CandidateWatch(slug, run)).TickAsync(CancellationToken.None)));
    }

    /// <summary>Has the watch of a service look at the clock.</summary>
    internal Task TickAsync(ServiceSlug service) => Service(service).AskAsync(async host =>
    {
        await host.TickAsync(AskRegionAsync, CancellationToken.None);
        return true;

        async Task<IReadOnlyList<RegionReading>?> AskRegionAsync(Region region, ClosingMinutes minutes) =>
            await Region(new WatchKey(service, region)).AskAsync(h => h.CloseAsync(minutes, CancellationToken.None));
    });

    private Held<ServiceHost> Service(ServiceSlug service) =>
        _services.GetOrAdd(service, s => new Held<ServiceHost>(() => ServiceHost.LoadAsync(s, _parts, CancellationToken.None)));

    private Held<RegionHost> Region(WatchKey key) => _regions.GetOrAdd(key, k => new Held<RegionHost>(async () =>
        await RegionHost.LoadAsync(k, (await Service(k.Service).HostAsync()).Join(k.Region), _parts, CancellationToken.None)));

    private sealed class Held<T>(Func<Task<T>> load)
    {
        private readonly SemaphoreSlim _gate = new(1);
        private Task<T>? _host;

        /// <summary>The host itself, for a call that may come in while another one waits.</summary>
        public Task<T> HostAsync() => _host is { IsFaulted: false } host ? host : _host = load();

        public async Task<TAnswer> AskAsync<TAnswer>(Func<T, Task<TAnswer>> ask)
        {
            await _gate.WaitAsync();
            try
            {
                return await ask(await HostAsync());
            }
            finally
            {
                _ = _gate.Release();
            }
        }
    }
}
