using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Series;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// A candidate detector beside the live one: for each service a second group of watches, fed with the same reports and minutes, whose events
/// go into the shadow log. It is the same code with another detector and another log, so that what is compared is the detectors.
/// <para>
/// Nothing here may harm the live watches, nor hold them up: no call throws or waits. All work is done in a round of its own, which a live
/// tick starts and does not wait for. A tick that finds the former round going on (a store that hangs) leaves it; its minutes are
/// queued and closed in order by the next one. Reports wait in their <see cref="ShadowPlace"/> meanwhile. A group in which something broke is
/// dropped and made anew from the stores after a pause, at most one a round: the others go on.
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

    private readonly ConcurrentDictionary<ServiceSlug, ShadowPlace> _places = new();
    private readonly ShadowTicks _ticks = new();

    // Its events are on a page of their own and not among the server's real ones.
    private readonly WatchRunner _runner = new(log.Incidents, NullLogger<WatchRunner>.Instance);
    private WatchLoader? _loader;
    private DateTimeOffset _beginAt = DateTimeOffset.MinValue;
    private int _withdrawing;
    private bool _isTroubled;

    /// <summary>The round that was started last. It never fails; to be awaited where what it does is to be seen.</summary>
    internal Task Round { get; private set; } = Task.CompletedTask;

    /// <summary>Where counts of a service are noted. To be called before any of this process are stored; the round makes its watches.</summary>
    internal ShadowPlace Place(ServiceSlug slug) => _places.TryGetValue(slug, out var known) ? known : _places.GetOrAdd(slug, new ShadowPlace(clock.GetUtcNow()));

    /// <summary>Notes that a report is about to be taken back in the store, of which service is not known yet.</summary>
    internal void BeginWithdrawal() => Interlocked.Increment(ref _withdrawing);

    /// <summary>Notes that it was, or was not.</summary>
    internal void EndWithdrawal() => Interlocked.Decrement(ref _withdrawing);

    /// <summary>Starts a round, where the former one is over: it closes the minutes that are over and logs what follows. Calls must not overlap.</summary>
    /// <param name="end">The minute that is going on.</param>
    /// <param name="gap">Minutes in which nothing could be reported.</param>
    /// <param name="cancellation">Ends the round.</param>
    internal void Tick(Minute end, MinuteRange gap, CancellationToken cancellation)
    {
        _ticks.Add(end, gap);
        // On a thread of its own: a read of the store runs on its caller's.
        if (Round.IsCompleted)
            Round = Task.Run(() => RoundAsync(cancellation), CancellationToken.None);
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        try
        {
            if (clock.GetUtcNow() < _beginAt || !await BeginAsync(cancellation))
                return;
            var ticks = _ticks.Take();
            var isWell = await RoundAsync(ticks, cancellation);
            _ticks.Forget(ticks[^1].End);
            if (isWell && _isTroubled)
                WellAgain(settings.Shadow);
            _isTroubled &= !isWell;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // The server stops; what is open is in the stores.
        }
        catch (Exception e)
        {
            Trouble(e, "all services");
        }
    }

    /// <returns>True where all services are watched, and all is logged.</returns>
    private async Task<bool> RoundAsync(ShadowTick[] ticks, CancellationToken cancellation)
    {
        var isWell = true;
        var now = clock.GetUtcNow();
        // The one that waits longest, so that each has its turn.
        var again = _places.Values.Where(p => p.RetryAt != 0 && p.RetryAt <= now.UtcTicks).MinBy(p => p.RetryAt);
        // Once for all, and before all: where it fails it is nobody's fault, and no group's.
        var newest = _places.Values.Any(p => p.Group is null)
            ? await _loader!.ReadNewestAsync(cancellation)
            : new Dictionary<ServiceSlug, IncidentEvent>();
        foreach (var (slug, place) in _places)
        {
            try
            {
                if (place.Group is null && (place.RetryAt == 0 || place == again))
                    await LoadAsync(slug, place, ticks[^1].End, newest.GetValueOrDefault(slug), cancellation);
                if (place.Group is { } group)
                    await TickAsync(place, group, ticks, cancellation);
                isWell &= place.Group is not null;
            }
            catch (StoreUnavailableException e) when (place.Group is not null)
            {
                // The next round plans the same events again.
                isWell = false;
                Trouble(e, slug.ToString());
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                isWell = false;
                place.Break(clock.GetUtcNow() + s_pause);
                Trouble(e, slug.ToString());
            }
        }
        return isWell;
    }

    private async Task LoadAsync(ServiceSlug slug, ShadowPlace place, Minute end, IncidentEvent? newest, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _withdrawing) > 0 || place.BeginLoad(clock.GetUtcNow()) is not { } cut)
            return;
        // A round that has gone on for so long reads no further than a window beyond its ticks; the next one has newer ticks.
        if (cut >= end + (Window.Capacity - Window.Reach))
            return;
        var (service, regions) = await _loader!.LoadAsync(slug, Minute.Min(cut + 1, end), newest, cancellation, until: cut + 1);
        // One that ends from here on says so to the place.
        if (Volatile.Read(ref _withdrawing) == 0)
            _ = place.EndLoad(new WatchGroup(service, regions, _loader));
    }

    private async Task TickAsync(ShadowPlace place, WatchGroup group, ShadowTick[] ticks, CancellationToken cancellation)
    {
        StoreUnavailableException? unavailable = null;
        for (var i = 0; i < ticks.Length; i++)
        {
            // The last one also where no minute is over: what could not be logged is tried again.
            if (ticks[i].End <= group.End && i < ticks.Length - 1)
                continue;
            try
            {
                _ = await place.FeedAsync(group, ticks[i].End);
            }
            catch (StoreUnavailableException e)
            {
                // A region's watch could not be made: what was to be fed to it is in the store only.
                throw new InvalidOperationException($"The watches of a new region can't be made: {e.Message}", e);
            }
            if (place.Group != group)
                return;
            try
            {
                await group.TickAsync(_runner, ticks[i].End, ticks[i].Gap, cancellation);
            }
            catch (StoreUnavailableException e)
            {
                // Minutes go on being closed, and wait in the watch.
                unavailable = e;
            }
        }
        if (unavailable is not null)
            throw unavailable;
    }

    // Notes the run, and makes places for services that nobody may report again: their incidents end, too.
    private async Task<bool> BeginAsync(CancellationToken cancellation)
    {
        if (_loader is not null)
            return true;
        try
        {
            var run = await log.NoteAsync(settings.Shadow, clock.GetUtcNow(), cancellation)
                ?? throw new InvalidOperationException("The shadow log does not know the run that was noted.");
            var loader = new WatchLoader(counts, log.Incidents, catalog, new WatchSettings { Detector = settings.Shadow })
            {
                Earlier = (live, Minute.Of(run.Since)),
                IsTold = true,
            };
            foreach (var (slug, newest) in await loader.ReadNewestAsync(cancellation))
            {
                if (newest.Status != ServiceStatus.Normal)
                    _ = Place(slug);
            }
            _loader = loader;
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            _beginAt = clock.GetUtcNow() + s_pause;
            Trouble(e, "all services");
            return false;
        }
    }

    // Once until all is well again. Of the round only, as all that may fail here.
    private void Trouble(Exception error, string where)
    {
        if (_isTroubled)
            return;
        _isTroubled = true;
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
}
