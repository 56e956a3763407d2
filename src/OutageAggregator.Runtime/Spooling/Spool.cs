using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime.Storage;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// Reports that are durable on this machine's disk and wait for the store. It knows, in memory, of which services any wait and how many: nothing
/// else grows with what waits.
/// <para>
/// A place is taken before a batch is written and left after it is gone from the file, so a service is empty only where nothing of it is on its way
/// in or out: who finds it empty may go to the store directly and overtakes nobody.
/// </para>
/// </summary>
public sealed partial class Spool : IAsyncDisposable
{
    // A store that fails now and then is told of as often as one that is gone.
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(30);

    private readonly SpoolSettings _settings;
    private readonly SpoolFile _file;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<ServiceSlug, (int Batches, int Reports)> _waiting;
    private TaskCompletionSource _filled = New();
    private TaskCompletionSource _emptied = New();
    private long _batches;
    private long _reports;
    private long _taken;
    private long _handedOn;
    private long _setAside;
    private bool _isFullTold;
    private bool _isBeginTold;
    private long _toldAt;
    private volatile bool _fails;

    internal Spool(string folder, SpoolSettings settings, ILogger<Spool> log, IMeterFactory? meters = null)
    {
        _settings = settings;
        _log = log;
        (_file, _waiting) = SpoolFile.Open(folder, settings, Tell);
        _batches = _waiting.Values.Sum(w => (long)w.Batches);
        _reports = _waiting.Values.Sum(w => (long)w.Reports);
        if (_batches > 0)
        {
            Found(_reports);
            _isBeginTold = true;
            _filled.SetResult();
        }
        else
        {
            _emptied.SetResult();
        }
        if (meters.OfOutages() is not { } meter)
            return;
        _ = meter.CreateObservableGauge("outage.spool.waiting_reports", () => Reports, "{report}", "Reports on this machine's disk that wait for the store.");
        _ = meter.CreateObservableGauge("outage.spool.waiting_batches", () => Volatile.Read(ref _batches), "{batch}", "Batches of them.");
        _ = meter.CreateObservableGauge("outage.spool", () => _file.Bytes, "By", "Bytes of the spool in use.");
        _ = meter.CreateObservableGauge("outage.spool.taking", () => IsTaking ? 1 : 0, unit: null, "1 where the spool would take a report that the store does not.");
        _ = meter.CreateObservableCounter("outage.spool.taken_reports", () => Volatile.Read(ref _taken), "{report}", "Reports that the spool took since the start.");
        _ = meter.CreateObservableCounter("outage.spool.handed_on_reports", () => Volatile.Read(ref _handedOn), "{report}", "Reports that the store took from the spool since the start.");
        _ = meter.CreateObservableCounter("outage.spool.set_aside_reports", () => Volatile.Read(ref _setAside), "{report}", "Reports that the store will never take, kept for the operator.");
    }

    /// <summary>True where a report would be taken that the store does not take.</summary>
    public bool IsTaking => _settings.Enabled && !_fails && !IsFull(1);

    /// <summary>How many reports wait.</summary>
    public long Reports => Volatile.Read(ref _reports);

    /// <summary>True where nothing waits.</summary>
    public bool IsEmpty => Volatile.Read(ref _batches) == 0;

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenEmpty
    {
        get
        {
            lock (_gate)
                return _emptied.Task;
        }
    }

    /// <summary>Takes new batches, and not only what is left of before.</summary>
    internal bool IsOn => _settings.Enabled;

    /// <summary>Completes when something waits.</summary>
    internal Task WhenFilled
    {
        get
        {
            lock (_gate)
                return _filled.Task;
        }
    }

    internal SpoolFile File => _file;

    /// <summary>True where a batch of the service must wait behind others.</summary>
    internal bool Holds(ServiceSlug service)
    {
        if (IsEmpty)
            return false;
        lock (_gate)
            return _waiting.ContainsKey(service);
    }

    internal List<ServiceSlug> Services()
    {
        lock (_gate)
            return [.. _waiting.Keys];
    }

    /// <summary>Takes a batch.</summary>
    /// <returns>Durable receipts that tell what will be unless the store knows better.</returns>
    /// <exception cref="StoreUnavailableException">It is full, off, or can't be written.</exception>
    internal async Task<BatchReceipt> TakeAsync(ReportBatch batch, StoreUnavailableException? failure)
    {
        var (service, count) = (batch.Key.Service, batch.Reports.Count);
        if (!_settings.Enabled)
            throw failure ?? new StoreUnavailableException("Older reports of this service wait in the spool, which is off.");
        lock (_gate)
        {
            if (IsFull(count))
            {
                if (!_isFullTold)
                    Full(_reports, _file.Bytes >> 20);
                _isFullTold = true;
                throw failure ?? new StoreUnavailableException("The spool is full.");
            }
            if (_batches == 0)
            {
                _isBeginTold = _toldAt == 0 || Stopwatch.GetElapsedTime(_toldAt) >= s_quiet;
                if (_isBeginTold)
                {
                    _toldAt = Stopwatch.GetTimestamp();
                    Begins(failure?.Message ?? "");
                }
                _emptied = New();
                _filled.TrySetResult();
            }
            Change(service, 1, count);
        }
        DateTimeOffset? first;
        try
        {
            first = await _file.AppendAsync(batch);
        }
        catch
        {
            Leave(service, 1, count);
            throw;
        }
        if (first is null)
            _ = Interlocked.Add(ref _taken, count);
        else
            Leave(service, 1, count);
        var receivedAt = first ?? DateTimeOffset.FromUnixTimeMilliseconds(batch.ReceivedAt.ToUnixTimeMilliseconds());
        var until = (receivedAt + ReportRules.OncePer).ToUnixTimeMilliseconds();
        return new BatchReceipt([.. batch.Reports.Select(r => ReceiptRules.Of(r.Cell, taken: true, until))], first is not null, receivedAt) { IsProvisional = true };
    }

    /// <summary>Takes a report back that waits here.</summary>
    /// <returns>False where it doesn't.</returns>
    internal Task<bool> WithdrawAsync(ReportId id) => IsEmpty ? Task.FromResult(false) : _file.WithdrawAsync(id);

    /// <summary>The store has them, and the file has them no longer.</summary>
    internal void HandedOn(ServiceSlug service, int batches, int reports)
    {
        _ = Interlocked.Add(ref _handedOn, reports);
        Leave(service, batches, reports);
    }

    /// <summary>The store will never take them, and the file keeps them aside.</summary>
    internal void SetAside(SpooledBatch batch)
    {
        _ = Interlocked.Add(ref _setAside, batch.Reports);
        Leave(batch.Service, 1, batch.Reports);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool IsFull(int more) => Reports + more > _settings.MaxReports || _file.Bytes >= _settings.MaxBytes;

    private void Leave(ServiceSlug service, int batches, int reports)
    {
        lock (_gate)
        {
            Change(service, -batches, -reports);
            if (_batches > 0)
                return;
            _isFullTold = false;
            _filled = New();
            _emptied.TrySetResult();
            if (_isBeginTold)
                Ends(Volatile.Read(ref _handedOn));
            _isBeginTold = false;
        }
    }

    private void Change(ServiceSlug service, int batches, int reports)
    {
        var (b, r) = _waiting.GetValueOrDefault(service);
        if (b + batches == 0)
            _ = _waiting.Remove(service);
        else
            _waiting[service] = (b + batches, r + reports);
        Volatile.Write(ref _batches, _batches + batches);
        Volatile.Write(ref _reports, _reports + reports);
    }

    private void Tell(string? trouble)
    {
        _fails = trouble is not null;
        if (trouble is not null)
            Fails(trouble);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reports wait in the spool, on this machine's disk, until the store takes them. {Reason}")]
    private partial void Begins(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The spool is empty: the store has taken {Reports} reports from it since the start")]
    private partial void Ends(long reports);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reports} reports of before wait in the spool for the store")]
    private partial void Found(long reports);

    [LoggerMessage(Level = LogLevel.Error, Message = "The spool is full with {Reports} reports and {Megabytes} MB (Spool:MaxReports, Spool:MaxMegabytes). More are answered 503 until the store takes them")]
    private partial void Full(long reports, long megabytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The spool can't be written, so reports are answered 503 while the store takes none. {Trouble}")]
    private partial void Fails(string trouble);
}
