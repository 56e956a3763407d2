using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Spool;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.Storage.Sqlite.Database;
using OutageAggregator.TestKit;

namespace OutageAggregator.Runtime.Tests.Spooling;

/// <summary>A real store that can be away, a spool in front of it, and what hands on.</summary>
internal sealed class SpoolWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStorage _storage;
    private SpoolDrain? _drain;

    public SpoolWorld(SpoolSettings? settings = null)
    {
        Settings = settings ?? new SpoolSettings { Enabled = true };
        _storage = SqliteStorage.Open(Path.Combine(_folder.Path, "store"), new StorageSettings());
        Store = new SqliteCountStore(_storage);
        Door = new Door(Store);
        (Spool, Watches) = Open();
    }

    public SpoolSettings Settings { get; }

    public ICountStore Store { get; }

    /// <summary>What lies behind the spool.</summary>
    public Door Door { get; }

    public Spool Spool { get; private set; }

    public IWatches Watches { get; private set; }

    /// <summary>How long a batch is tried that fails.</summary>
    public TimeSpan Patience { get; init; } = SpoolHandover.LongestTrial;

    public string File => Path.Combine(_folder.Path, SpoolFile.FileName);

    /// <summary>Hands on until nothing waits.</summary>
    public async Task DrainAsync()
    {
        await StartDrainingAsync();
        await Spool.WhenEmpty;
        await StopDrainingAsync();
    }

    public async Task StartDrainingAsync()
    {
        _drain = new SpoolDrain(Spool, (SpooledWatches)Watches, Store, NullLogger<SpoolDrain>.Instance) { Patience = Patience };
        await _drain.StartAsync(CancellationToken.None);
    }

    public async Task StopDrainingAsync()
    {
        await _drain!.StopAsync(CancellationToken.None);
        _drain.Dispose();
        _drain = null;
    }

    /// <summary>As after a restart of the process.</summary>
    public async Task RestartAsync()
    {
        await Spool.DisposeAsync();
        (Spool, Watches) = Open();
    }

    /// <summary>As after a stop of the process, in which somebody works on the file.</summary>
    public async Task RestartAsync(Action<Connection> use)
    {
        await Spool.DisposeAsync();
        using (var shell = Connection.Open(File, create: false, 1_000))
            use(shell);
        (Spool, Watches) = Open();
    }

    public async ValueTask DisposeAsync()
    {
        if (_drain is not null)
            await StopDrainingAsync();
        await Spool.DisposeAsync();
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    private (Spool, SpooledWatches) Open()
    {
        var spool = new Spool(_folder.Path, Settings, NullLogger<Spool>.Instance);
        return (spool, new SpooledWatches(Door, spool));
    }
}

/// <summary>The least that makes watches: every batch goes to the store, unless that is away.</summary>
internal sealed class Door(ICountStore store) : IWatches
{
    private readonly Lock _lock = new();
    private readonly List<BatchId> _stored = [];
    private readonly List<(int Batches, TaskCompletionSource Reached)> _awaited = [];

    public TimeSpan Spacing { get; set; }

    /// <summary>The store takes nothing.</summary>
    public bool IsAway { get; set; }

    /// <summary>The store takes batches, and nobody hears of it.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>What becomes of a batch, where it is not stored.</summary>
    public Func<ReportBatch, Exception?> Fault { get; set; } = static _ => null;

    /// <summary>What a batch waits for on its way to the store.</summary>
    public Func<ReportBatch, Task> Delay { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Batches in the order in which they were handed to the store.</summary>
    public IReadOnlyList<BatchId> Stored
    {
        get
        {
            lock (_lock)
                return [.. _stored];
        }
    }

    /// <summary>Completes when so many batches were handed to the store.</summary>
    public Task UntilStoredAsync(int batches)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_stored.Count >= batches)
                reached.SetResult();
            else
                _awaited.Add((batches, reached));
            return reached.Task;
        }
    }

    public async Task<BatchReceipt> RecordAsync(ReportBatch batch, CancellationToken cancellation)
    {
        if (IsAway)
            throw new StoreUnavailableException("The store is away.");
        if (Fault(batch) is { } fault)
            throw fault;
        await Delay(batch);
        lock (_lock)
        {
            _stored.Add(batch.Id);
            foreach (var (_, reached) in _awaited.Where(a => a.Batches <= _stored.Count))
                _ = reached.TrySetResult();
        }
        var receipt = await store.AppendAsync(batch, cancellation);
        return LosesAnswers ? throw new StoreUnavailableException("The answer was lost.") : receipt;
    }

    public async Task<bool> WithdrawAsync(ReportId id, CancellationToken cancellation) => IsAway
        ? throw new StoreUnavailableException("The store is away.")
        : await store.WithdrawAsync(id, cancellation) is not null;

    public async Task<Amendment?> AmendAsync(ReportId id, ReportDetails details, CancellationToken cancellation) => IsAway
        ? throw new StoreUnavailableException("The store is away.")
        : await store.AmendAsync(id, details, cancellation);
}
