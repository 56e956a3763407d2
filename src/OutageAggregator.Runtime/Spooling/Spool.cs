using OutageAggregator.Storage.Spool;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// Reports that are durable on this machine's disk and wait for the store. In memory it knows of which services any wait and how many
/// (<see cref="SpooledServices"/>): nothing else grows with what waits.
/// </summary>
public sealed partial class Spool : IAsyncDisposable
{
    // A store that fails now and then is told of as often as one that is gone.
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(30);

    private readonly SpoolSettings _settings;
    private readonly SpoolFile _file;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private long _taken;
    private long _handedOn;
    private long _setAside;
    private bool _isFullTold;
    private bool _isBeginTold;
    private long _toldAt;
    private volatile bool _fails;

    internal Spool(string folder, SpoolSettings settings, ILogger<Spool> log, IMeterFactory? meters = null)
    {
        (_settings, _log) = (settings, log);
        (_file, var waiting) = SpoolFile.Open(folder, Tell);
        Services = new SpooledServices(waiting);
        if (!IsEmpty)
            Found(Reports);
        _isBeginTold = !IsEmpty;
        if (_file.AsideReports > 0)
            Aside(_file.AsideReports, SpoolFile.FileName);
        if (meters.OfOutages() is not { } meter)
            return;
        _ = meter.CreateObservableGauge("outage.spool.waiting_reports", () => Reports, "{report}", "Reports on this machine's disk that wait for the store.");
        _ = meter.CreateObservableGauge("outage.spool.waiting_batches", () => Services.Batches, "{batch}", "Batches that wait there.");
        _ = meter.CreateObservableGauge("outage.spool", () => _file.Bytes, "By", "Bytes of the spool in use, but for what is set aside.");
        _ = meter.CreateObservableGauge("outage.spool.taking", () => IsTaking ? 1 : 0, unit: null, "1 where the spool would take a report that the store does not.");
        _ = meter.CreateObservableCounter("outage.spool.taken_reports", () => Volatile.Read(ref _taken), "{report}", "Reports that the spool took since the start.");
        _ = meter.CreateObservableCounter("outage.spool.handed_on_reports", () => Volatile.Read(ref _handedOn), "{report}", "Reports that the store took from the spool since the start.");
        _ = meter.CreateObservableCounter("outage.spool.set_aside_reports", () => Volatile.Read(ref _setAside), "{report}", "Reports that the store did not take, set aside since the start.");
        _ = meter.CreateObservableGauge("outage.spool.aside_reports", () => _file.AsideReports, "{report}", "Reports that are set aside, for the operator.");
    }

    /// <summary>True where a report would be taken that the store does not take.</summary>
    public bool IsTaking => _settings.Enabled && !_fails && !IsFull(1);

    /// <summary>How many reports wait.</summary>
    public long Reports => Services.Reports;

    /// <summary>True where nothing waits.</summary>
    public bool IsEmpty => Services.Batches == 0;

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenEmpty => Services.WhenEmpty;

    /// <summary>Takes new batches, and not only what is left of before.</summary>
    internal bool IsOn => _settings.Enabled;

    internal SpoolFile File => _file;

    internal SpooledServices Services { get; }

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
                    Full(Reports, _file.Bytes >> 20);
                _isFullTold = true;
                throw failure ?? new StoreUnavailableException("The spool is full.");
            }
            if (Services.Change(service, 1, count) && (_isBeginTold = _toldAt == 0 || Stopwatch.GetElapsedTime(_toldAt) >= s_quiet))
            {
                _toldAt = Stopwatch.GetTimestamp();
                Begins(failure?.Message ?? "");
            }
        }
        DateTimeOffset? first;
        var isNew = false;
        try
        {
            var packed = PackedBatch.Pack(batch);
            first = await _file.WriteAsync(tables => tables.Append(batch, packed));
            isNew = first is null;
        }
        finally
        {
            if (!isNew)
                Leave(service, 1, count);
        }
        if (isNew)
            _ = Interlocked.Add(ref _taken, count);
        var receivedAt = first ?? DateTimeOffset.FromUnixTimeMilliseconds(batch.ReceivedAt.ToUnixTimeMilliseconds());
        var until = (receivedAt + ReportRules.OncePer).ToUnixTimeMilliseconds();
        var receipts = batch.Reports.Select(r => ReceiptRules.Of(r.Cell, taken: true, until));
        return new BatchReceipt([.. receipts], !isNew, receivedAt) { IsProvisional = true };
    }

    /// <summary>Takes a report back that waits here, or is set aside.</summary>
    /// <returns>False where it doesn't.</returns>
    internal Task<bool> WithdrawAsync(ReportId id) =>
        IsEmpty && _file.AsideReports == 0 ? Task.FromResult(false) : _file.WriteAsync(tables => tables.Withdraw(id));

    /// <summary>Notes what is told of a report that waits here, or is set aside.</summary>
    /// <returns>Whether it does, and the report as it will stand; null where it was taken back.</returns>
    internal Task<(bool IsHere, Amendment? Amendment)> AmendAsync(ReportId id, ReportDetails details) => IsEmpty && _file.AsideReports == 0
        ? Task.FromResult<(bool, Amendment?)>((false, null))
        : _file.WriteAsync(tables => (tables.Amend(id, details, out var amendment), amendment));

    /// <summary>
    /// Forgets batches of a service that the store has, but for those of which more was taken back or told since they were read.
    /// </summary>
    /// <returns>Those that are gone.</returns>
    internal async Task<List<SpooledBatch>> RemoveAsync(List<SpooledBatch> stored)
    {
        if (stored.Count == 0)
            return stored;
        var gone = await _file.WriteAsync(tables => tables.Remove(stored));
        var reports = gone.Sum(static b => b.Reports);
        _ = Interlocked.Add(ref _handedOn, reports);
        Leave(stored[0].Service, gone.Count, reports);
        return gone;
    }

    /// <summary>Puts a batch where it stands in nobody's way, and is not thrown away either.</summary>
    /// <returns>False where as much is set aside as may wait: it stays where it is.</returns>
    internal async Task<bool> SetAsideAsync(SpooledBatch batch, string why)
    {
        if (!await _file.WriteAsync(tables => tables.SetAside(batch, why, _settings.MaxBytes)))
            return false;
        _ = Interlocked.Add(ref _setAside, batch.Reports);
        Leave(batch.Service, 1, batch.Reports);
        return true;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private bool IsFull(int more) => Reports + more > _settings.MaxReports || _file.Bytes >= _settings.MaxBytes;

    private void Leave(ServiceSlug service, int batches, int reports)
    {
        lock (_gate)
        {
            if (batches == 0 || !Services.Change(service, -batches, -reports))
                return;
            _isFullTold = false;
            if (_isBeginTold)
                Ends(Volatile.Read(ref _handedOn));
            _isBeginTold = false;
        }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reports} reports from before this start wait in the spool for the store")]
    private partial void Found(long reports);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reports} reports are set aside in {File}: the store did not take them, and they are too old to be tried again by themselves. docs/operations.md says how to hand them on")]
    private partial void Aside(long reports, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The spool is full with {Reports} reports and {Megabytes} MB (Spool:MaxReports, Spool:MaxMegabytes). More are answered 503 until the store takes them")]
    private partial void Full(long reports, long megabytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The spool can't be written, so reports are answered 503 while the store takes none. {Trouble}")]
    private partial void Fails(string trouble);
}
