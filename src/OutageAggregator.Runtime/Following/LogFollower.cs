namespace OutageAggregator.Runtime.Following;

/// <summary>Somebody who is handed what happens, event by event, in the order of the incident log.</summary>
/// <param name="Name">Short and for ever: its position is saved under it.</param>
/// <param name="Take">
/// Takes the next event. An event counts as taken when this completes: until then, and after a crash in between, it is handed over again.
/// </param>
public sealed record LogConsumer(string Name, Func<LoggedEvent, CancellationToken, Task> Take)
{
    /// <summary>
    /// True for one whose position is saved, so that it goes on after a restart where it was, also on another node: it must be followed for
    /// by one node at a time. False for one that only matters to those who are connected: each process has its own, from the end of the log
    /// on, and nothing is written.
    /// </summary>
    public bool IsSaved { get; init; } = true;

    /// <summary>Told, before the first event, after which position it begins; again where that failed.</summary>
    public Func<long, CancellationToken, Task> Begin { get; init; } = static (_, _) => Task.CompletedTask;
}

/// <summary>
/// Follows the incident log for its consumers, each with a cursor and a loop of its own: one that is slow or fails holds up no other.
/// <code>
///   incident log --> LogFollower --one event--> consumer
///                        ^ '--position, once it was taken--> cursor store (of those that are saved)
///                        '--position, at a start------------'
/// </code>
/// A consumer that is new begins at the end of the log: nobody wants to be told of the past. It is handed every event after that at least
/// once, in order; whatever fails is tried again every second. See docs/adr/0020.
/// </summary>
public sealed partial class LogFollower(IIncidentLog log, ICursorStore cursors, ILogger<LogFollower> logger)
{
    private const int PageSize = 256;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Hands the events to a consumer until it is cancelled, which it ends with.</summary>
    public async Task FollowAsync(LogConsumer consumer, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        (long? position, long? saved, var hasBegun) = (null, null, false);
        string? told = null;
        while (true)
        {
            try
            {
                saved ??= await PositionAsync(consumer, stopping);
                var after = position ??= saved.Value;
                if (!hasBegun)
                {
                    await consumer.Begin(after, stopping);
                    (hasBegun, told) = (true, null);
                }
                // What could not be saved before.
                if (await SaveAsync(after))
                    told = null;
                await log.WaitAsync(after, stopping);
                foreach (var logged in await log.ReadAsync(after, PageSize, stopping))
                {
                    await consumer.Take(logged, stopping);
                    position = logged.Position;
                    _ = await SaveAsync(logged.Position);
                }
                told = null;
            }
            catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                // Told once: it may last. Whatever it is, it must not stop a server that takes reports.
                if (told != error.Message)
                    LogBehind(logger, error is StoreUnavailableException ? null : error, consumer.Name, error.Message);
                told = error.Message;
                await Task.Delay(s_pause, stopping);
            }
        }

        // Whether there was anything to save.
        async Task<bool> SaveAsync(long taken)
        {
            if (taken == saved)
                return false;
            if (consumer.IsSaved)
                await cursors.SaveAsync(consumer.Name, taken, stopping);
            saved = taken;
            return true;
        }
    }

    private async Task<long> PositionAsync(LogConsumer consumer, CancellationToken stopping)
    {
        if (consumer.IsSaved && await cursors.ReadAsync(consumer.Name, stopping) is { } saved)
            return saved;
        var end = await log.LastPositionAsync(stopping);
        if (consumer.IsSaved)
            await cursors.SaveAsync(consumer.Name, end, stopping);
        return end;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What follows the incident log as '{Consumer}' is behind, and tries again every second: {Reason}")]
    private static partial void LogBehind(ILogger logger, Exception? error, string consumer, string reason);
}
