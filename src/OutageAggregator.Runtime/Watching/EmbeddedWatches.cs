using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// The watches as objects in this process. A service's watches come into being with its first report, or at a restart; there are
/// as many as the catalog has services and those have regions. A candidate detector may run beside, on watches of its own.
/// </summary>
public sealed partial class EmbeddedWatches(
    ICountStore counts, WatchLoader loader, WatchRunner runner, TimeProvider clock, ILogger<EmbeddedWatches> logger, ShadowWatches? shadow = null, Spool? spool = null) : IWatches
{
    // Two looks this far apart leave a gap: the process stood still, the machine slept, or the store took nothing, and so nothing could be
    // reported. In real time: what a fast simulated clock passes over between two looks was observed.
    private static readonly TimeSpan s_standstill = TimeSpan.FromMinutes(2);

    private const int NotRestoring = int.MinValue;

    private readonly ConcurrentDictionary<ServiceSlug, Lazy<Task<WatchGroup>>> _groups = new();

    // Batches whose fate is unknown: stored perhaps, and not in the window yet; and since which minute. Few: one for each batch under way when
    // the store fails. Forgotten when the window has forgotten their minutes, too.
    private readonly ConcurrentDictionary<BatchId, Uncertainty> _uncertain = new();
    private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly double _pace = clock is SimulatedClock simulated ? simulated.Speed : 1;
    private DateTimeOffset? _lastTick;
    private DateTimeOffset? _lastLook;
    private bool _wasTaken = true;
    private bool _isSpoolStuck;
    private int _restoringAt = NotRestoring;

    /// <summary>
    /// The candidate's round that the last tick started, which goes on beside and is awaited by no tick. It never fails. To be awaited by those
    /// who look at what the candidate says, and who move a clock by hand.
    /// </summary>
    public Task ShadowRound => shadow?.Round ?? Task.CompletedTask;

    /// <summary>How long minutes wait, in real time, for what was reported in them and is in the spool. Shorter for tests.</summary>
    internal TimeSpan LongestDrain { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many batches are remembered whose fate is unknown.</summary>
    internal int Uncertain => _uncertain.Count;

    public async Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var group = await GroupAsync(batch.Key.Service);
        await group.EnsureAsync(batch.Key.Region);
        var beside = shadow?.Place(batch.Key.Service);
        var oldest = beside?.Begin(batch) ?? default;
        var isUncertain = false;
        try
        {
            var receipt = await counts.AppendAsync(batch, cancellation);
            var was = default(Uncertainty);
            var wasUncertain = !_uncertain.IsEmpty && _uncertain.TryRemove(batch.Id, out was);
            if (!receipt.IsRepeat || wasUncertain)
            {
                group.Record(batch, receipt.Receipts);
                beside?.Note(batch, receipt.Receipts, receipt.IsRepeat ? was.ShadowLoads : null);
            }
            return receipt;
        }
        catch (StoreUnavailableException)
        {
            isUncertain = true;
            throw;
        }
        finally
        {
            var loads = beside?.End(oldest) ?? 0;
            if (isUncertain && _uncertain.Count < MostUncertain)
                _ = _uncertain.TryAdd(batch.Id, new Uncertainty(Minute.Of(clock.GetUtcNow()), loads));
        }
    }

    public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation)
    {
        // A watch that is loaded after the store was changed finds the report gone already; so they have to be there before.
        if (!_restored.Task.IsCompleted)
            throw new StoreUnavailableException("The watches are not restored yet.");
        shadow?.BeginWithdrawal();
        try
        {
            if (await counts.WithdrawAsync(id, cancellation) is not { } withdrawal)
                return false;
            if (withdrawal.First && !withdrawal.Report.Cell.IsLate)
            {
                var less = default(MinuteCounts) - MinuteCounts.Of(withdrawal.Report.Cell);
                shadow?.Place(withdrawal.Key.Service).Note(withdrawal.Key.Region, withdrawal.Report.At, less);
                var group = await GroupAsync(withdrawal.Key.Service);
                await group.EnsureAsync(withdrawal.Key.Region);
                group.Record(withdrawal.Key.Region, withdrawal.Report.At, less);
            }
            return true;
        }
        finally
        {
            shadow?.EndWithdrawal();
        }
    }

    /// <summary>
    /// Brings back the watches of all services that were reported in the last four weeks, or are not back to normal since. Reports may come
    /// meanwhile: each finds the watches of its service loaded, and is judged with the minutes that are closed afterwards.
    /// </summary>
    public async Task RestoreAsync(CancellationToken cancellation)
    {
        // From here on the minutes are observed, however long it takes.
        var now = clock.GetUtcNow();
        Volatile.Write(ref _restoringAt, Minute.Of(now).Number);
        await counts.ObserveAsync(now, cancellation);
        var from = Minute.Of(now) - (Core.Baselines.Baseline.HistoryDays * Minute.PerDay);
        var newest = await loader.ReadNewestAsync(cancellation);
        await Parallel.ForEachAsync(
            await loader.ReadWatchedAsync(from, newest, cancellation),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation },
            async (service, _) => await GroupAsync(service, newest));
        var done = clock.GetUtcNow();
        await counts.ObserveAsync(new MinuteRange(Minute.Of(now), Minute.Of(done)), cancellation);
        _lastTick = done;
        Volatile.Write(ref _restoringAt, NotRestoring);
        _ = _restored.TrySetResult();
    }

    /// <summary>Notes that reports can be taken, closes the minutes that are over and logs what follows. Calls must not overlap.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var end = Minute.Of(now);
        var gap = default(MinuteRange);
        var wasTaken = WasTakenSince(now);
        if (_lastTick is { } last)
        {
            if ((now - last) / _pace >= s_standstill && !wasTaken)
                gap = new MinuteRange(Minute.Of(last) + 1, end);
            else if (end - Minute.Of(last) > 1)
                await counts.ObserveAsync(new MinuteRange(Minute.Of(last), end), cancellation);
        }
        await counts.ObserveAsync(now, cancellation);
        if (spool is { IsEmpty: false } && !_isSpoolStuck)
        {
            // The store is back: minutes are closed when they have what was reported in them, or after a while without it.
            await spool.WhenEmpty.WaitAsync(LongestDrain, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
        // What is left fails, or is more than a while is for: all other services must not wait for it with every look.
        _isSpoolStuck = spool is { IsEmpty: false };
        _lastTick = now;
        _wasTaken = true;
        ForgetUncertain(end);
        foreach (var (slug, loading) in _groups)
        {
            if (!loading.IsValueCreated || !loading.Value.IsCompletedSuccessfully)
                continue;
            try
            {
                await (await loading.Value).TickAsync(runner, end, gap, cancellation);
            }
            catch (StoreUnavailableException e)
            {
                // The next tick plans the same events again.
                NotLogged(slug.ToString(), e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A fault in one service must not leave the others unwatched, and must not go unseen either.
                NotWatched(e, slug.ToString());
            }
        }
        shadow?.Tick(end, gap, cancellation);
    }

    private const int MostUncertain = 100_000;

    // A spool that takes reports while the store takes none leaves no gap, as long as this process looked on all the while.
    private bool WasTakenSince(DateTimeOffset now)
    {
        _wasTaken = _wasTaken && spool is { IsTaking: true } && (_lastLook is not { } last || (now - last) / _pace < s_standstill);
        _lastLook = now;
        return _wasTaken;
    }

    private void ForgetUncertain(Minute now)
    {
        foreach (var (batch, since) in _uncertain)
        {
            if (now - since.Since > Window.Capacity)
                _ = _uncertain.TryRemove(batch, out _);
        }
    }

    private async Task<WatchGroup> GroupAsync(ServiceSlug service, IReadOnlyDictionary<ServiceSlug, IncidentEvent>? newest = null)
    {
        if (_groups.TryGetValue(service, out var known) && known.IsValueCreated && known.Value.IsCompletedSuccessfully)
            return await known.Value;
        var loading = _groups.GetOrAdd(service, slug => new Lazy<Task<WatchGroup>>(() => LoadAsync(slug, newest)));
        try
        {
            return await loading.Value;
        }
        catch
        {
            // Not for ever: the next caller tries again.
            _ = _groups.TryRemove(new KeyValuePair<ServiceSlug, Lazy<Task<WatchGroup>>>(service, loading));
            throw;
        }
    }

    private async Task<WatchGroup> LoadAsync(ServiceSlug slug, IReadOnlyDictionary<ServiceSlug, IncidentEvent>? newest)
    {
        // Before the first of its reports is stored; the candidate's watches are made beside, at their own pace.
        _ = shadow?.Place(slug);
        newest ??= await loader.ReadNewestAsync(CancellationToken.None);
        // While restoring all begin at one minute: later ones are noted as observed at the end, and closed by the first tick.
        var end = Volatile.Read(ref _restoringAt) is not NotRestoring and var restoringAt ? new Minute(restoringAt) : Minute.Of(clock.GetUtcNow());
        var (service, regions) = await loader.LoadAsync(slug, end, newest.GetValueOrDefault(slug), CancellationToken.None);
        return new WatchGroup(service, regions, loader);
    }

    /// <summary>A batch that was perhaps stored.</summary>
    /// <param name="Since">When it failed.</param>
    /// <param name="ShadowLoads">How often the candidate's watches of its service had been made then.</param>
    private readonly record struct Uncertainty(Minute Since, int ShadowLoads);

    [LoggerMessage(Level = LogLevel.Error, Message = "A look at the watches of {Service} failed")]
    private partial void NotWatched(Exception error, string service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The incident log can't be written, {Service} is planned again at the next tick: {Reason}")]
    private partial void NotLogged(string service, string reason);
}
