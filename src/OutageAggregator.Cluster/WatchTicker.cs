using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace OutageAggregator.Cluster;

/// <summary>
/// Looks at the product's clock every few seconds: notes that this node takes reports, has the watches on this node close the minutes that
/// are over, and sees to it that what must be watched is watched by some node. A candidate detector follows beside, and no look waits for
/// it.
/// </summary>
internal sealed partial class WatchTicker(
    Silo silo, ISiloPlace place, HostedServices hosted, MinuteObserver observer, IHostApplicationLifetime lifetime, Readiness readiness,
    WatchSettings settings, CandidateRun candidate, TimeProvider clock, ILogger<WatchTicker> logger, IMeterFactory? meters = null)
    : BackgroundService
{
    /// <summary>What the process ends with where it has to be started again.</summary>
    public const int ForgottenExitCode = 3;

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly StrongBox<long> _lookedAt = TellAge(meters);
    private readonly Histogram<double>? _lookTime = meters.OfOutages()?.CreateHistogram<double>(
        "outage.watch.look.duration", "s", "Time that one look of the watches of this node at the clock took, failed ones included.");

    private string? _told;

    /// <summary>
    /// The candidate's round that the last look started. To be awaited by those who look at what it says, and who move a clock by hand.
    /// </summary>
    internal Task CandidateRound { get; private set; } = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.TickSeconds), clock);
        try
        {
            // It tells itself why it can't join.
            await silo.Joined.WaitAsync(stoppingToken);
            do
            {
                if (await IsForgottenAsync(stoppingToken))
                    return;
                await TryAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; what is open is in the stores.
        }
        // It ends by itself then, and is not waited for where its store hangs.
        await CandidateRound.WaitAsync(s_farewell, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Looks at the clock once. Calls must not overlap.</summary>
    /// <exception cref="StoreUnavailableException">The store can't be used now.</exception>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        await observer.LookAsync(cancellation);
        await hosted.EachAsync(static watch => watch.TickAsync(), cancellation);
        await silo.Grains.WakeUp.WakeAsync();
        if (CandidateRound.IsCompleted)
            CandidateRound = RoundAsync(cancellation);
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        await candidate.NoteAsync(cancellation);
        if (candidate.IsOn)
            await hosted.EachAsync(static watch => watch.TickCandidateAsync(), cancellation);
    }

    private async Task TryAsync(CancellationToken stopping)
    {
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            await LookAsync(stopping);
            readiness.Ready(ReadyPart.Store);
            readiness.Ready(ReadyPart.Watches);
            Volatile.Write(ref _lookedAt.Value, Stopwatch.GetTimestamp());
            _told = null;
        }
        catch (StoreUnavailableException e)
        {
            NotUsable(e.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (LostCalls.IsLost(e))
        {
            // A node was lost, and its grains are on their way to another one: the next look finds them.
            if (IsNew(e.Message))
                NotWoken(e.Message);
        }
        catch (Exception e)
        {
            // A fault in one look must not end all watching, and must not go unseen either.
            LookFailed(e);
        }
        finally
        {
            _lookTime?.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        }
    }

    private static StrongBox<long> TellAge(IMeterFactory? meters)
    {
        var lookedAt = new StrongBox<long>(Stopwatch.GetTimestamp());
        _ = meters.OfOutages()?.CreateObservableGauge(
            "outage.watch.age", () => Stopwatch.GetElapsedTime(Volatile.Read(ref lookedAt.Value)).TotalSeconds, "s",
            "Time since the watches last looked at the clock with success.");
        return lookedAt;
    }

    // True where the cluster is forgotten, and this node ends.
    private async Task<bool> IsForgottenAsync(CancellationToken stopping)
    {
        try
        {
            if (!await place.IsForgottenAsync(stopping))
                return false;
        }
        catch (StoreUnavailableException e)
        {
            NotUsable(e.Message);
            return false;
        }
        Forgotten();
        Environment.ExitCode = ForgottenExitCode;
        lifetime.StopApplication();
        return true;
    }

    private void NotUsable(string reason)
    {
        readiness.Missing(ReadyPart.Store, $"the store can't be used: {reason.TrimEnd('.')}");
        if (IsNew(reason))
            StoreFailed(reason);
    }

    // Each is told once, and not every few seconds for as long as it lasts.
    private bool IsNew(string reason) => Interlocked.Exchange(ref _told, reason) != reason;

    [LoggerMessage(Level = LogLevel.Critical, Message = "Redis came back without its data and does not know this cluster any more: the node ends, to be started again and join anew")]
    private partial void Forgotten();

    [LoggerMessage(Level = LogLevel.Error, Message = "A look at the watches failed")]
    private partial void LookFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not answer, trying again at the next tick: {Reason}")]
    private partial void NotWoken(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store can't be used, trying again at the next tick: {Reason}")]
    private partial void StoreFailed(string reason);
}
