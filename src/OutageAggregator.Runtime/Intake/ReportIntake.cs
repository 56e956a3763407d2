using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;

namespace OutageAggregator.Runtime.Intake;

/// <summary>What became of a report that was handed in.</summary>
/// <param name="Id">Its id; meaningful where the outcome is counted or late.</param>
/// <param name="ReceivedAt">When it was taken in: what the receipt counts from.</param>
/// <param name="Receipt">Outcome, and from when on the reporter counts again.</param>
/// <param name="IsProvisional">True where it is durable and the store will decide later whether it counts.</param>
public readonly record struct IntakeAnswer(ReportId Id, DateTimeOffset ReceivedAt, Receipt Receipt, bool IsProvisional = false);

/// <summary>The intake can take no more just now; nothing was stored.</summary>
public sealed class IntakeFullException(string message) : Exception(message);

/// <summary>
/// Takes single reports, groups what arrives together by watch, and answers each once it is durable.
/// <code>
///   report -> lane of its key -> batch of what waits in the lane -> IWatches.RecordAsync -> an answer to each
///             (a stack, no lock)   (while it is stored, the next one gathers)
/// </code>
/// A lane has one batch under way. So batches are as large as the store is slow, and no longer: with nothing to wait for a report is
/// stored at once. A fixed interval was rejected: clients that wait for their answer fall into step with it, and the rate is then
/// their number divided by the interval, however fast the disk is.
/// <para>
/// Lanes don't share anything but the number of places, of which each may take half: a hot service can neither delay nor crowd out the
/// others, and a batch that fails fails alone. There are as many lanes as services times regions with reports, which the catalog bounds.
/// </para>
/// </summary>
public sealed partial class ReportIntake : IHostedService, IAsyncDisposable
{
    /// <summary>
    /// How long disposing waits, in real time, for a store that does not answer. What is under way has been answered or given up by then.
    /// </summary>
    public static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<WatchKey, IntakeLane> _lanes = new();
    private readonly Func<WatchKey, IntakeLane> _newLane;
    private readonly ConcurrentQueue<WaitingReport> _spare = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger;
    private readonly int _maxWaiting;
    private readonly TimeSpan? _spacing;
    private int _waiting;
    private volatile bool _stopping;

    public ReportIntake(
        IWatches watches, TimeProvider clock, IntakeSettings settings, ILogger<ReportIntake>? logger = null, ReportTally? tally = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Watches = watches;
        Clock = clock;
        Tally = tally ?? new ReportTally();
        _logger = logger ?? NullLogger<ReportIntake>.Instance;
        _maxWaiting = settings.MaxWaiting;
        _spacing = settings.SpacingMilliseconds is { } set ? TimeSpan.FromMilliseconds(set) : null;
        _newLane = key => new IntakeLane(this, key, settings.MaxWaiting / 2);
        if (meters.OfOutages() is not { } meter)
            return;
        // Who is just being refused was counted for a moment, and waits for nothing.
        _ = meter.CreateObservableGauge("outage.intake.waiting", () => Math.Min(Waiting, _maxWaiting), "{report}", "Reports that wait to become durable.");
        _ = meter.CreateObservableGauge("outage.intake.places", () => _maxWaiting, "{report}", "How many may wait before more are refused.");
    }

    /// <summary>How many reports wait to become durable.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Shorter for tests.</summary>
    internal TimeSpan Patience { get; init; } = LongestEnd;

    /// <summary>How soon a batch must have failed to be sent again; longer for tests.</summary>
    internal TimeSpan Soon { get; init; } = TimeSpan.FromSeconds(1);

    internal IWatches Watches { get; }

    internal TimeProvider Clock { get; }

    internal TimeSpan Spacing => _spacing ?? Watches.Spacing;

    internal ReportTally Tally { get; }

    /// <summary>
    /// Completes when the report is durable (or known to be a duplicate). Cancelling has an effect up to the call only: a report that is
    /// taken in will be stored, whether or not its sender still listens.
    /// </summary>
    /// <exception cref="IntakeFullException">Too much is waiting, or the intake is stopping; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store could not take it.</exception>
    public ValueTask<IntakeAnswer> RecordAsync(WatchKey key, Report report, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<IntakeAnswer>(cancellation);
        var places = Interlocked.Increment(ref _waiting);
        if (_stopping || places > _maxWaiting)
        {
            Leave();
            Tally.Refused();
            return ValueTask.FromException<IntakeAnswer>(new IntakeFullException(
                _stopping ? "The intake is stopping." : "Too many reports wait to be stored already."));
        }
        if (!_spare.TryDequeue(out var waiting))
            waiting = new WaitingReport(this);
        // Taken before it is handed over: the answer may come before the next line.
        var answer = waiting.Begin(report);
        if (!_lanes.GetOrAdd(key, _newLane).TryEnter(waiting))
        {
            Tally.Refused();
            waiting.Fail(new IntakeFullException($"Too many reports of {key} wait to be stored already."));
            Leave();
        }
        return answer;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Refuses new reports and completes when all that were taken in are answered, or when whoever stops us has no more time: a store that
    /// hangs must not keep the process. What is given up was not answered, so nobody was told that it counts; what was answered is durable.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        if (Waiting == 0)
            _drained.TrySetResult();
        await _drained.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The last of them may be answered at this very moment.
        if (Waiting is > 0 and var left && _drained.TrySetResult())
            GivenUp(left);
    }

    /// <summary>Stops, and waits no longer than <see cref="LongestEnd"/>, nor at all where it was stopped before.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await StopAsync(patience.Token);
    }

    /// <summary>A report is answered; its place is free.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _waiting) == 0 && _stopping)
            _drained.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store did not answer in time: {Count} reports may not have been written. None of them was answered, every report that was is stored")]
    private partial void GivenUp(int count);

    // Bounded by the reports that ever waited at once, and so by the settings.
    internal void GiveBack(WaitingReport waiting) => _spare.Enqueue(waiting);

    /// <summary>
    /// A batch id of its own. It begins with the time: such ids are neighbours in a store's index, so writing them touches its last page
    /// only.
    /// </summary>
    internal static BatchId NewBatchId(DateTimeOffset now, ServiceSlug service)
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return BatchId.Of(now, BitConverter.ToUInt64(random), service);
    }
}
