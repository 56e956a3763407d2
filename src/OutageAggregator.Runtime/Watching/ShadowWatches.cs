using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// A candidate detector beside the live one: for each service a second group of watches, fed with the same reports and minutes, whose events
/// go into the shadow log. It is the same code with another detector and another log, so that what is compared is the detectors.
/// <para>
/// Nothing here may harm the live watches: no call throws, the live round goes first, and a group in which something broke is dropped and
/// made anew from the stores after a pause. The few reports that are on their way to the store just then may be missed or counted twice by the
/// new group; keeping count of them would make every report pay for what hardly ever happens, and no more than a comparison hangs on it.
/// </para>
/// <para>
/// When the candidate changes, its predecessor's open incidents go on until the crowd is gone, as an open incident does when the live detector
/// changes: the end of an incident is found by the lifecycle, and closing it earlier would have the new candidate "detect" the middle of an
/// outage. They are compared with nothing: they were detected before the new candidate began. Earlier than that the new one leaves out of what
/// it learns what its predecessors and the live detector found: it has no opinion of its own on that time.
/// </para>
/// </summary>
public sealed partial class ShadowWatches(
    ICountStore counts, IIncidentLog live, IShadowLog log, Catalog catalog, WatchSettings settings, TimeProvider clock, ILogger<ShadowWatches> logger)
{
    // Making a group anew costs up to a tenth of a second, and what broke may break again.
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ServiceSlug, Place> _places = new();

    // Its events are on a page of their own and not among the server's real ones.
    private readonly WatchRunner _runner = new(log.Incidents, NullLogger<WatchRunner>.Instance);
    private WatchLoader? _loader;
    private int _inTrouble;

    /// <summary>The newest event of each service in the shadow log, or null where it can't be read now.</summary>
    internal async Task<IReadOnlyDictionary<ServiceSlug, IncidentEvent>?> ReadNewestAsync(CancellationToken cancellation)
    {
        try
        {
            return await (await LoaderAsync(cancellation)).ReadNewestAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Trouble(e, "all services");
            return null;
        }
    }

    /// <summary>Makes the candidate's watches of a service. To be awaited before counts of a service that is new are stored, as for the live ones.</summary>
    /// <param name="slug">The service.</param>
    /// <param name="end">The minute that is going on.</param>
    /// <param name="newest">What <see cref="ReadNewestAsync"/> said; null where it was not asked.</param>
    internal async Task LoadAsync(ServiceSlug slug, Minute end, IReadOnlyDictionary<ServiceSlug, IncidentEvent>? newest)
    {
        var place = _places.GetOrAdd(slug, static _ => new Place());
        try
        {
            var loader = await LoaderAsync(CancellationToken.None);
            newest ??= await loader.ReadNewestAsync(CancellationToken.None);
            var (service, regions) = await loader.LoadAsync(slug, end, newest.GetValueOrDefault(slug), CancellationToken.None);
            place.Fill(new WatchGroup(service, regions, loader));
        }
        catch (Exception e)
        {
            Drop(slug, place, e);
        }
    }

    /// <summary>The watches of a service, the region's among them; null where there are none now. To be awaited before its counts are stored.</summary>
    internal ValueTask<WatchGroup?> ReadyAsync(WatchKey key)
    {
        if (!_places.TryGetValue(key.Service, out var place) || place.Group is not { } group)
            return default;
        var ready = group.EnsureAsync(key.Region);
        return ready.IsCompletedSuccessfully ? new ValueTask<WatchGroup?>(group) : WaitAsync(key, place, group, ready);
    }

    /// <summary>Takes what was counted of a stored batch into the group that was ready before it was stored.</summary>
    internal void Record(WatchGroup group, ReportBatch batch, IReadOnlyList<Receipt> receipts)
    {
        try
        {
            group.Record(batch, receipts);
        }
        catch (Exception e)
        {
            Drop(batch.Key.Service, _places[batch.Key.Service], e);
        }
    }

    /// <summary>Takes a report back that was taken back in the store.</summary>
    internal void Withdraw(Withdrawal withdrawal)
    {
        if (!_places.TryGetValue(withdrawal.Key.Service, out var place))
            return;
        try
        {
            // A region that is loaded later finds it gone.
            if (place.Group is { } group && group.Watches(withdrawal.Key.Region))
                group.Record(withdrawal.Key.Region, withdrawal.Report.At, default(MinuteCounts) - MinuteCounts.Of(withdrawal.Report.Cell));
        }
        catch (Exception e)
        {
            Drop(withdrawal.Key.Service, place, e);
        }
    }

    /// <summary>Closes the minutes that are over and logs what follows, service by service; makes those anew that broke. Calls must not overlap.</summary>
    /// <param name="end">The minute that is going on.</param>
    /// <param name="gap">Minutes in which nothing could be reported.</param>
    /// <param name="cancellation">Ends the wait for the log.</param>
    internal async Task TickAsync(Minute end, MinuteRange gap, CancellationToken cancellation)
    {
        var isWell = true;
        foreach (var (slug, place) in _places)
        {
            if (place.IsDue(clock.GetUtcNow()))
                await LoadAsync(slug, end, newest: null);
            if (place.Group is not { } group)
            {
                isWell &= !place.IsBroken;
                continue;
            }
            try
            {
                await group.TickAsync(_runner, end, gap, cancellation);
            }
            catch (StoreUnavailableException e)
            {
                // The next tick plans the same events again.
                isWell = false;
                Trouble(e, slug.ToString());
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                isWell = false;
                Drop(slug, place, e);
            }
        }
        if (isWell && Interlocked.Exchange(ref _inTrouble, 0) == 1)
            WellAgain(settings.Shadow);
    }

    private async ValueTask<WatchGroup?> WaitAsync(WatchKey key, Place place, WatchGroup group, Task ready)
    {
        try
        {
            await ready;
            return group;
        }
        catch (Exception e)
        {
            Drop(key.Service, place, e);
            return null;
        }
    }

    private async Task<WatchLoader> LoaderAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _loader) is { } known)
            return known;
        // Two at once note the same run.
        var run = await log.NoteAsync(settings.Shadow, clock.GetUtcNow(), cancellation)
            ?? throw new InvalidOperationException("The shadow log does not know the run that was noted.");
        var loader = new WatchLoader(counts, log.Incidents, catalog, new WatchSettings { Detector = settings.Shadow })
        {
            Earlier = (live, Minute.Of(run.Since)),
        };
        Volatile.Write(ref _loader, loader);
        return loader;
    }

    private void Drop(ServiceSlug slug, Place place, Exception error)
    {
        place.Break(clock.GetUtcNow() + s_pause);
        Trouble(error, slug.ToString());
    }

    // Once until all is well again.
    private void Trouble(Exception error, string where)
    {
        if (Interlocked.Exchange(ref _inTrouble, 1) == 1)
            return;
        if (error is StoreUnavailableException)
            NotLogged(settings.Shadow, where, error.Message);
        else
            NotWatched(error, settings.Shadow, where);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The candidate detector {Detector} failed beside the live one, first at {Where}; it is tried again every minute, and the live one goes on")]
    private partial void NotWatched(Exception error, string detector, string where);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store can't be used for the candidate detector {Detector}, first at {Where}; it is tried again: {Reason}")]
    private partial void NotLogged(string detector, string where, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The candidate detector {Detector} runs again")]
    private partial void WellAgain(string detector);

    /// <summary>Where a service's group is: not there while it is loaded the first time, or after something in it broke.</summary>
    private sealed class Place
    {
        private WatchGroup? _group;

        // When it is to be made anew, in ticks of UTC; 0 where nothing broke. A first load is whoever's began it, so that no two run at once.
        private long _retryAt;

        internal WatchGroup? Group => Volatile.Read(ref _group);

        internal bool IsBroken => Volatile.Read(ref _retryAt) != 0;

        internal bool IsDue(DateTimeOffset now) => Volatile.Read(ref _retryAt) is not 0 and var at && now.UtcTicks >= at;

        internal void Fill(WatchGroup group)
        {
            Volatile.Write(ref _group, group);
            Volatile.Write(ref _retryAt, 0);
        }

        internal void Break(DateTimeOffset retryAt)
        {
            Volatile.Write(ref _group, null);
            Volatile.Write(ref _retryAt, retryAt.UtcTicks);
        }
    }
}
