using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// Hands on what waits in the spool, a few services at a time in turns (<see cref="SpoolQueue"/>): next is the one whose last turn is
/// longest ago, so one that is hot, slow or fails takes nobody else's turn. A batch leaves the file after the store has it; a crash in
/// between hands it on once more, with the id it has, which the store knows for a day.
/// <para>
/// While the store is away one batch is tried twice a second, each time of another service, so nobody else has to find out that it is back.
/// </para>
/// </summary>
internal sealed partial class SpoolDrain(Spool spool, SpooledWatches watches, ICountStore counts, ILogger<SpoolDrain> log) : BackgroundService
{
    private const int ServicesAtOnce = 4;

    // Real time: the store's trouble is real, also where the server's clock is simulated.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    // Bounded by the catalog.
    private readonly Dictionary<ServiceSlug, SpoolQueue> _queues = [];
    private SpoolHandover? _handover;
    private long _turns;

    /// <summary>Shorter for tests.</summary>
    internal TimeSpan Patience { get; init; } = SpoolHandover.LongestTrial;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _handover = new SpoolHandover(spool, watches.Watches, counts, log) { Patience = Patience };
        try
        {
            await RehearseAsync();
            while (true)
            {
                await spool.Places.WhenFilled.WaitAsync(stoppingToken);
                // One batch finds out whether it is worth it for the others.
                if (await TryAsync(q => q.TryAsync(stoppingToken), Next([])) == SpoolTurn.Away || !await DrainAsync(stoppingToken))
                    await Task.Delay(s_pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is in the file, and handed on after the next start.
        }
    }

    private async Task RehearseAsync()
    {
        var nobody = new Report(default, default, default);
        try
        {
            await spool.File.RehearseAsync(new ReportBatch(default, new WatchKey(ServiceSlug.Parse("rehearsal"), Region.Unknown), DateTimeOffset.UnixEpoch, [nobody]));
        }
        catch (StoreUnavailableException)
        {
            // The spool has said so.
        }
    }

    /// <summary>Hands on until nothing waits.</summary>
    /// <returns>False where the store takes nothing.</returns>
    private async Task<bool> DrainAsync(CancellationToken stopping)
    {
        var turns = new Dictionary<SpoolQueue, Task<SpoolTurn>>();
        var pause = Task.CompletedTask;
        spool.Places.Go(true);
        try
        {
            while (true)
            {
                stopping.ThrowIfCancellationRequested();
                while (turns.Count < ServicesAtOnce && Next(turns.Keys) is { } next)
                    turns.Add(next, TryAsync(q => q.TakeTurnAsync(stopping), next));
                if (turns.Count == 0 && spool.IsEmpty)
                    return true;
                // Somebody may come, or have rested, while those take their time.
                if (pause.IsCompleted)
                    pause = Task.Delay(s_pause, stopping);
                _ = await Task.WhenAny([pause, .. turns.Values]);
                foreach (var (queue, turn) in turns.Where(t => t.Value.IsCompleted).ToList())
                {
                    _ = turns.Remove(queue);
                    if (await turn == SpoolTurn.Away)
                        return false;
                }
            }
        }
        finally
        {
            spool.Places.Go(false);
            _ = await Task.WhenAll(turns.Values);
        }
    }

    private SpoolQueue? Next(ICollection<SpoolQueue> busy)
    {
        var now = Stopwatch.GetTimestamp();
        SpoolQueue? next = null;
        foreach (var slug in spool.Places.Services())
        {
            if (!_queues.TryGetValue(slug, out var queue))
                _queues.Add(slug, queue = new SpoolQueue(slug, spool, _handover!));
            if (queue.RestsUntil <= now && (next is null || queue.LastTurn < next.LastTurn) && !busy.Contains(queue))
                next = queue;
        }
        return next;
    }

    private async Task<SpoolTurn> TryAsync(Func<SpoolQueue, Task<SpoolTurn>> take, SpoolQueue? queue)
    {
        if (queue is null)
            return SpoolTurn.GoesOn;
        queue.LastTurn = ++_turns;
        var turn = SpoolTurn.Rests;
        try
        {
            turn = await take(queue);
        }
        catch (StoreUnavailableException)
        {
            // The spool itself: it has said so.
            turn = SpoolTurn.Away;
        }
        catch (Exception e)
        {
            // Whatever it was, what waits is tried again, and the server goes on.
            NotHandedOn(e);
        }
        queue.RestsUntil = turn == SpoolTurn.Rests ? Stopwatch.GetTimestamp() + (long)(s_pause.TotalSeconds * Stopwatch.Frequency) : 0;
        return turn;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What waits in the spool could not be handed on, trying again")]
    private partial void NotHandedOn(Exception error);
}
