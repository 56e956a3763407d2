using OutageAggregator.Runtime.Intake;

namespace OutageAggregator.Runtime.Proposals;

/// <summary>
/// Has the catalog show the services that were accepted, here and on other nodes, and makes a proposal's counts those of its service.
/// <code>
///   accept --> store (not shown) --> counts moved --> moved (version + 1) --> each node's catalog, within a second
/// </code>
/// Each step may be done again: the store keeps the first service of a proposal and counts nothing more into its group, history is set and
/// not added, and the reports of the last half hour go to the watches in batches whose ids hang on the proposal. So a node that ends in
/// between loses nothing: the next start, the same request again, or the next one who names it, goes on.
/// </summary>
public sealed partial class AcceptedServices(
    IProposalStore store, Catalog catalog, ICountStore counts, IWatches watches, ReporterKey key, TimeProvider clock,
    ILogger<AcceptedServices> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private static readonly ReportCell s_down = ReportCell.Of(ReportKind.Down, Problem.Unavailable, Surface.Unknown);

    // A store knows for an hour who named what: as long as this after they were accepted, those of the half hour before are all known.
    private static readonly TimeSpan s_turnsLast = ReportRules.OncePer - TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _moving = new(1);
    private readonly SemaphoreSlim _refreshing = new(1);
    private long _version = -1;
    private bool _isAllMoved;

    /// <summary>Reads what was accepted, before reports are taken, where the store can be read then.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Said by who tells of the store; read when it is back.
        }
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Makes a service of a proposal, with its counts; it is shown here when this completes.</summary>
    /// <returns>
    /// What stands: the service, or another that was accepted before of the same proposal, or under the same slug.
    /// </returns>
    /// <exception cref="StoreUnavailableException">It is not known how far it came: accept again.</exception>
    public async Task<AcceptedProposal> AcceptAsync(ProposalId proposal, Service service, string keyName)
    {
        ArgumentNullException.ThrowIfNull(service);
        var stands = await store.AcceptAsync(new AcceptedProposal(service, proposal, clock.GetUtcNow(), keyName), CancellationToken.None);
        if (stands.Proposal != proposal || stands.Service.Slug != service.Slug)
            return stands;
        if (!stands.IsMoved)
            await MoveAsync(stands);
        await RefreshAsync(CancellationToken.None);
        return stands with { IsMoved = true };
    }

    /// <summary>Finishes what was accepted anywhere, and shows it here.</summary>
    /// <exception cref="StoreUnavailableException">It is not known how far it came: try again.</exception>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        foreach (var left in (await store.ReadAcceptedAsync(cancellation)).Where(a => !a.IsMoved))
            await MoveAsync(left);
        await RefreshAsync(cancellation);
    }

    /// <summary>Shows what may be shown.</summary>
    /// <exception cref="StoreUnavailableException">The store can't be read now.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await _refreshing.WaitAsync(cancellation);
        try
        {
            // Read first: what is accepted meanwhile is found the next time.
            var version = await store.ReadVersionAsync(cancellation);
            if (version == _version)
                return;
            var all = await store.ReadAcceptedAsync(cancellation);
            catalog.Accept(all.Where(a => a.IsMoved).Select(a => a.Service with { ListedAt = a.At }));
            (_version, _isAllMoved) = (version, all.All(a => a.IsMoved));
        }
        finally
        {
            _ = _refreshing.Release();
        }
    }

    public override void Dispose()
    {
        _moving.Dispose();
        _refreshing.Dispose();
        base.Dispose();
    }

    // Where nobody else accepts, there is nothing to look for once everything is shown.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, TimeProvider.System);
        string? told = null;
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
                if (!_isAllMoved)
                {
                    await FinishAsync(stoppingToken);
                    _isAllMoved = true;
                }
                if (!store.IsShared)
                    return;
                told = null;
            }
            catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Told once: it may last. Whatever it is, it must not stop a server that takes reports.
                if (told != error.Message)
                    LogBehind(logger, error is StoreUnavailableException ? null : error, error.Message);
                told = error.Message;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task MoveAsync(AcceptedProposal accepted)
    {
        await _moving.WaitAsync();
        try
        {
            await MoveAloneAsync(accepted);
        }
        finally
        {
            _ = _moving.Release();
        }
    }

    // Whoever named it in the last half hour has had his turn, and is known: those reports are counted as reports are. Of older ones only
    // the numbers are left, and no turn is theirs. Where an earlier try counted the reports already, setting them changes nothing.
    private async Task MoveAloneAsync(AcceptedProposal accepted)
    {
        var (slug, cancellation) = (accepted.Service.Slug, CancellationToken.None);
        var counted = await store.ReadCountsAsync(accepted.Proposal, cancellation);
        var areTurnsKnown = clock.GetUtcNow() - accepted.At < s_turnsLast;
        var recent = areTurnsKnown ? Minute.Of(accepted.At - ReportRules.OncePer) + 1 : new Minute(int.MaxValue);
        foreach (var region in counted.Cells.Where(c => c.Minute < recent).GroupBy(c => c.Region))
        {
            await counts.ImportAsync(
                new WatchKey(slug, region.Key), [.. region.Select(c => new CellCount(c.Minute, s_down, c.Reports))], cancellation);
        }
        foreach (var region in counted.Turns.Where(t => Minute.Of(t.At) >= recent).GroupBy(t => t.Region))
        {
            var watch = new WatchKey(slug, region.Key);
            // In an order that another try finds again: a part that is known already counts nothing.
            var inOrder = region.OrderBy(t => t.At).ThenBy(t => t.Reporter.High).ThenBy(t => t.Reporter.Low);
            foreach (var (part, turns) in inOrder.Chunk(ReportBatch.MaxReports).Index())
            {
                var id = key.PartOfBatch(new UInt128((ulong)part + 1, accepted.Proposal.Value), accepted.At, watch);
                var reports = turns.Select(t => new Report(t.Reporter, s_down, Minute.Of(t.At)));
                _ = await watches.RecordAsync(new ReportBatch(id, watch, clock.GetUtcNow(), [.. reports]), cancellation);
            }
        }
        await store.MovedAsync(slug, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Services that were accepted can't be read or finished now, and are tried again every second: {Reason}")]
    private static partial void LogBehind(ILogger logger, Exception? error, string reason);
}
