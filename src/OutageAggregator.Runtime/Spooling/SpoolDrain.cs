using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Spooling;

/// <summary>
/// Hands on what waits in the spool: each service's batches in order of arrival, a few services at a time. A batch leaves the file after the store has
/// it; a crash in between hands it on once more, with the id it has, which the store knows for a day.
/// <para>
/// While the store is away one batch is tried twice a second, so nobody else has to find out that it is back. A minute in which a batch came in was one
/// in which reports could be taken, and is noted so.
/// </para>
/// </summary>
internal sealed partial class SpoolDrain(Spool spool, SpooledWatches watches, ICountStore counts, ILogger<SpoolDrain> log) : BackgroundService
{
    private const int ReportsAtOnce = ReportBatch.MaxReports;
    private const int ServicesAtOnce = 4;

    // A failure that is not the batch's own passes in three seconds, or is taken for its own.
    private const int MostTries = 6;

    // Minutes between two batches that were observed as well: as in a process that goes on.
    private const int Near = 2;

    // Real time: the store's trouble is real, also where the server's clock is simulated.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<BatchId, int> _failed = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RehearseAsync();
            while (true)
            {
                await spool.WhenFilled.WaitAsync(stoppingToken);
                if (!await DrainAsync(stoppingToken))
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

    /// <returns>False where the store takes nothing.</returns>
    private async Task<bool> DrainAsync(CancellationToken stopping)
    {
        try
        {
            var services = spool.Services();
            // The first one finds out whether it is worth it for the others.
            if (services.Count == 0 || !await DrainAsync(services[0], stopping))
                return services.Count == 0;
            var goesOn = true;
            await Parallel.ForEachAsync(
                services.Skip(1),
                new ParallelOptions { MaxDegreeOfParallelism = ServicesAtOnce, CancellationToken = stopping },
                async (service, _) =>
                {
                    if (Volatile.Read(ref goesOn) && !await DrainAsync(service, stopping))
                        Volatile.Write(ref goesOn, false);
                });
            return goesOn;
        }
        catch (StoreUnavailableException)
        {
            // The spool itself: it has said so.
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it was, what waits is tried again, and the server goes on.
            NotHandedOn(e);
            return false;
        }
    }

    private async Task<bool> DrainAsync(ServiceSlug service, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var batches = await spool.File.ReadAsync(service, ReportsAtOnce);
            var stored = new List<SpooledBatch>();
            var goesOn = true;
            foreach (var batch in batches)
            {
                if (!(goesOn = !stopping.IsCancellationRequested && await StoreAsync(batch, stored, stopping)))
                    break;
            }
            // Before they are gone from here: nobody else knows that these minutes were observed.
            if (!await ObserveAsync(stored))
                return false;
            if (stored.Count > 0)
            {
                var gone = await spool.File.RemoveAsync(stored);
                if (gone.Count > 0)
                    spool.HandedOn(service, gone.Count, gone.Sum(b => b.Reports));
            }
            if (!goesOn)
                return false;
            // Those that are on their way in are there with the next round.
            if (batches.Count == 0)
                return true;
        }
        return false;
    }

    /// <returns>False where the store is away.</returns>
    private async Task<bool> StoreAsync(SpooledBatch batch, List<SpooledBatch> stored, CancellationToken stopping)
    {
        try
        {
            _ = await watches.Watches.RecordAsync(batch.Unpack(), CancellationToken.None);
            foreach (var index in batch.Withdrawn)
                _ = await watches.Watches.WithdrawAsync(new ReportId(batch.Id, index), CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
        catch (Exception e) when (e is not (InvalidDataException or ArgumentException) && (stopping.IsCancellationRequested || MayPass(batch.Id)))
        {
            // Perhaps it does until the next look.
            NotHandedOn(e);
            return false;
        }
        catch (Exception e)
        {
            // It must not stand in the way of all that come after it, and is not thrown away either.
            NotTaken(e, batch.Reports, batch.Service.ToString(), SpoolFile.FileName);
            await spool.File.SetAsideAsync(batch, e.Message);
            spool.SetAside(batch);
            _ = _failed.TryRemove(batch.Id, out _);
            return true;
        }
        _ = _failed.TryRemove(batch.Id, out _);
        stored.Add(batch);
        return true;
    }

    private bool MayPass(BatchId batch) => _failed.AddOrUpdate(batch, 1, static (_, tries) => tries + 1) < MostTries;

    private async Task<bool> ObserveAsync(List<SpooledBatch> stored)
    {
        try
        {
            for (var i = 0; i < stored.Count;)
            {
                var from = Minute.Of(stored[i].ReceivedAt);
                var to = from + 1;
                for (i++; i < stored.Count && Minute.Of(stored[i].ReceivedAt) is var next && next >= from && next - to <= Near; i++)
                    to = Minute.Max(to, next + 1);
                await counts.ObserveAsync(new MinuteRange(from, to), CancellationToken.None);
            }
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What waits in the spool could not be handed on, trying again")]
    private partial void NotHandedOn(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reports} spooled reports of {Service} can't be counted; they are kept aside in {File}")]
    private partial void NotTaken(Exception error, int reports, string service, string file);
}
