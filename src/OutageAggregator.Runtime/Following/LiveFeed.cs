using OutageAggregator.Runtime.Reading;

namespace OutageAggregator.Runtime.Following;

/// <summary>
/// Tells everybody who listens what happens: it is a consumer of the incident log, with one cursor for all, and every five seconds tells
/// the counts of what is listened to.
/// <code>
///   LogFollower --event--> LiveFeed --one message object--> queue of listener 1 --> socket
///   readers     --5 s---->    |                         \-> queue of listener 2 --> socket
/// </code>
/// Nothing is lost between replaying the log and listening: a subscription says from which place on it hears everything
/// (<see cref="LiveSubscription.Position"/>), and <see cref="ReplayAsync"/> reads up to that place.
/// Rejected: a cursor for each listener (10,000 listeners would read every event 10,000 times), and events from the watches themselves
/// (a listener on another node, or one that comes back, would miss them).
/// </summary>
public sealed partial class LiveFeed(
    IIncidentLog log, LogFollower follower, IncidentReader incidents, ServiceReader services, FreshnessReader freshness, StatusBoard board,
    LiveSettings settings, TimeProvider clock, ILogger<LiveFeed> logger, IMeterFactory? meters = null) : BackgroundService
{
    /// <summary>Counts are told this often on the server's clock, and at most once a real second however fast that runs.</summary>
    public static readonly TimeSpan CountsEvery = TimeSpan.FromSeconds(5);

    /// <summary>A listener who missed more events than this is told how things stand instead.</summary>
    public const int MaxReplay = 1_000;

    private const int MaxTroubled = 100;

    private readonly ConcurrentDictionary<LiveSubscription, bool> _subscriptions = TellNumber(meters);
    private readonly TaskCompletionSource _following = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private long _position;
    private bool _stopped;

    /// <summary>How many listen.</summary>
    public int Subscribers => _subscriptions.Count;

    /// <summary>A place among the listeners, or null where all are taken (or the server stops).</summary>
    /// <param name="service">Listen to one service; null for all.</param>
    /// <param name="cancellation">Ends the wait for a feed that is still starting.</param>
    public async ValueTask<LiveSubscription?> SubscribeAsync(Service? service, CancellationToken cancellation)
    {
        await _following.Task.WaitAsync(cancellation);
        lock (_lock)
        {
            if (_stopped || Subscribers >= settings.MaxSubscribers)
                return null;
            var subscription = new LiveSubscription(this, service, settings.QueueLength, _position);
            _ = _subscriptions.TryAdd(subscription, true);
            return subscription;
        }
    }

    /// <summary>
    /// Everything that a listener missed who heard everything up to <paramref name="after"/>: each event as it was told then, but for
    /// reports taken back since. Null where that is no place in the log, or too much was missed: tell <see cref="SnapshotAsync"/> then.
    /// </summary>
    public async Task<IReadOnlyList<LiveMessage>?> ReplayAsync(LiveSubscription subscription, long after, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        if (after < 0 || after > subscription.Position)
            return null;
        // As it is for most who come back; the store may be away.
        if (after == subscription.Position)
            return [];
        var since = await log.ReadAsync(after, MaxReplay + 1, cancellation);
        if (since.Count > MaxReplay && since[^1].Position <= subscription.Position)
            return null;
        var messages = new List<LiveMessage>();
        foreach (var logged in since.Where(l => l.Position <= subscription.Position && subscription.Concerns(l.Event.Service)))
            messages.AddRange(await MessagesAsync(logged, cancellation));
        return messages;
    }

    /// <summary>How things stand: the status of the service listened to, or of every service in trouble, and their counts.</summary>
    public async Task<IReadOnlyList<LiveMessage>> SnapshotAsync(LiveSubscription subscription, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        var counts = await CountsAsync(subscription.Service, subscription.Position, cancellation);
        var states = await board.ReadAsync(cancellation);
        return
        [
            .. counts.Services.Select(s => new StatusMessage(
                subscription.Position, s.Service.Slug, s.Status, states.Of(s.Service.Slug)?.Newest.Event.At, s.Since, s.IncidentId)),
            counts,
        ];
    }

    internal void Leave(LiveSubscription subscription) => _ = _subscriptions.TryRemove(subscription, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var consumer = new LogConsumer("live", TakeAsync) { IsSaved = false, Begin = BeginAsync };
            await Task.WhenAll(follower.FollowAsync(consumer, stoppingToken), TellCountsAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            lock (_lock)
                _stopped = true;
            foreach (var subscription in _subscriptions.Keys)
                subscription.Drop();
            _ = _following.TrySetCanceled(CancellationToken.None);
        }
    }

    private static ConcurrentDictionary<LiveSubscription, bool> TellNumber(IMeterFactory? meters)
    {
        var subscriptions = new ConcurrentDictionary<LiveSubscription, bool>();
        _ = meters.OfOutages()?.CreateObservableGauge("outage.live.listeners", () => subscriptions.Count, "{listener}", "Who listens to live events.");
        return subscriptions;
    }

    private async Task BeginAsync(long position, CancellationToken stopping)
    {
        _position = position;
        _ = _following.TrySetResult();
        await FoldAsync(stopping);
    }

    private async Task TakeAsync(LoggedEvent logged, CancellationToken stopping)
    {
        // It may be handed over again.
        if (logged.Position > _position)
            Publish(logged, await MessagesAsync(logged, stopping));
        await FoldAsync(stopping);
    }

    // Also where nobody listens: the next page finds it folded, and how many are open can be told without asking the log. Where that fails,
    // pages say so, and whoever listens goes on hearing of events.
    private async Task FoldAsync(CancellationToken stopping)
    {
        try
        {
            _ = await board.ReadAsync(stopping);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogNotFolded(logger, error);
        }
    }

    private void Publish(LoggedEvent logged, ImmutableArray<LiveMessage> messages)
    {
        // Under the lock: a listener who subscribes meanwhile either is told these or starts after them.
        lock (_lock)
        {
            foreach (var subscription in _subscriptions.Keys)
            {
                if (!subscription.Concerns(logged.Event.Service))
                    continue;
                foreach (var message in messages)
                    subscription.Tell(message);
            }
            _position = logged.Position;
        }
    }

    private async ValueTask<ImmutableArray<LiveMessage>> MessagesAsync(LoggedEvent logged, CancellationToken cancellation)
    {
        var happened = logged.Event;
        var state = new ServiceState(logged, [], happened.Incident);
        // A listener who is cut off between the two messages of an event must get the second one too.
        var position = happened.Incident is null ? logged.Position : logged.Position - 1;
        var told = await services.StatusToldAsync(happened.Service, happened.Status, happened.At, cancellation);
        var status = new StatusMessage(position, happened.Service, told, happened.At, state.Since, state.OpenIncident?.Id);
        return happened.Incident is not { } incident ? [status]
            : [status, new IncidentMessage(logged.Position, happened, await incidents.ViewAsync(incident, cancellation, Minute.Of(happened.At)))];
    }

    private async Task TellCountsAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.WhenAll(Task.Delay(CountsEvery, clock, stopping), Task.Delay(TimeSpan.FromSeconds(1), stopping));
            if (_subscriptions.IsEmpty)
                continue;
            try
            {
                foreach (var listening in _subscriptions.Keys.GroupBy(s => s.Service))
                {
                    var counts = await CountsAsync(listening.Key, Volatile.Read(ref _position), stopping);
                    foreach (var subscription in listening)
                        subscription.Tell(counts);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogBehind(logger, error);
            }
        }
    }

    private async Task<CountsMessage> CountsAsync(Service? service, long position, CancellationToken cancellation)
    {
        var age = await freshness.ReadAsync(cancellation);
        ImmutableArray<ServiceSummary> told = service is null
            ? await services.InTroubleAsync(MaxTroubled, cancellation)
            : (await services.ReadAsync(service, cancellation)).Summary is var summary ? [summary, .. summary.Members] : [];
        return new CountsMessage(position, clock.GetUtcNow(), age, told);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status board is behind; the next page that needs it tries again.")]
    private static partial void LogNotFolded(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The counts of live events are behind; they go on in some seconds.")]
    private static partial void LogBehind(ILogger logger, Exception error);
}
