using Microsoft.Extensions.Logging.Abstractions;

namespace OutageAggregator.Runtime.Watching;

/// <summary>
/// A candidate detector's run beside the live one, where the settings name one: the same hosts over another log, so that what is compared
/// is the detectors. Its watches are <see cref="CandidateWatch"/>.
/// <para>
/// When the candidate changes, its predecessor's open incidents go on until the crowd is gone, as an open incident does when the live
/// detector changes: the end of an incident is found by the lifecycle, and closing it earlier would have the new candidate "detect" the
/// middle of an outage. They are compared with nothing: they were detected before the new candidate began. Earlier than that the new one
/// leaves out of what it learns what its predecessors and the live detector found: it has no opinion of its own on that time.
/// </para>
/// </summary>
/// <param name="live">What the live hosts are made of, with the settings that name the candidate.</param>
/// <param name="liveLog">The incident log.</param>
/// <param name="shadow">Where the candidate's incidents go.</param>
/// <param name="catalog">The services.</param>
/// <param name="logger">Told of trouble once until all is well again.</param>
public sealed partial class CandidateRun(HostParts live, IIncidentLog liveLog, IShadowLog shadow, Catalog catalog, ILogger<CandidateRun> logger)
{
    // What the candidate says is on a page of its own and not among the server's real events.
    private readonly WatchRunner _runner = new(shadow.Incidents, NullLogger<WatchRunner>.Instance);
    private readonly Lock _gate = new();
    private readonly HashSet<ServiceSlug> _troubled = [];
    private HostParts? _parts;
    private bool _isNoneNoted;

    /// <summary>True where a candidate runs.</summary>
    public bool IsOn => Detector.Length > 0;

    internal TimeProvider Clock => live.Clock;

    private string Detector => live.Settings.Shadow;

    /// <summary>The candidate's watch of a service, or null where none runs.</summary>
    public CandidateWatch? WatchOf(ServiceSlug service) => IsOn ? new CandidateWatch(service, this) : null;

    /// <summary>
    /// Notes that a candidate runs, or that none does: were it turned on again later, the time between would count as time in which it
    /// found nothing. It never throws, and does nothing once that is noted.
    /// </summary>
    public async Task NoteAsync(CancellationToken cancellation)
    {
        try
        {
            if (IsOn)
                _ = await PartsAsync(cancellation);
            else if (!_isNoneNoted)
                _ = await shadow.NoteAsync(null, Clock.GetUtcNow(), cancellation);
            _isNoneNoted = true;
        }
        catch (Exception e) when (e is StoreUnavailableException or InvalidOperationException or OperationCanceledException)
        {
            // The next look tries again. A candidate's watches tell what fails.
        }
    }

    /// <summary>What the candidate's hosts are made of. The run is noted with the first call that succeeds.</summary>
    /// <exception cref="StoreUnavailableException">The run can't be noted now.</exception>
    internal async Task<HostParts> PartsAsync(CancellationToken cancellation)
    {
        if (_parts is { } known)
            return known;
        var run = await shadow.NoteAsync(Detector, Clock.GetUtcNow(), cancellation)
            ?? throw new InvalidOperationException("The shadow log does not know the run that was noted.");
        var settings = new WatchSettings { Detector = Detector, TickSeconds = live.Settings.TickSeconds };
        var loader = new WatchLoader(live.Counts, shadow.Incidents, catalog, settings) { Earlier = (liveLog, Minute.Of(run.Since)) };
        return _parts = live with { Loader = loader, Runner = _runner, Settings = settings };
    }

    /// <summary>The services of which the candidate has not said that they are back to normal: those incidents end, too.</summary>
    internal async Task<IEnumerable<ServiceSlug>> ReadUnsettledAsync(CancellationToken cancellation)
    {
        try
        {
            return IsOn ? DueServices.Unsettled(await shadow.Incidents.ReadNewestAsync(cancellation)) : [];
        }
        catch (StoreUnavailableException)
        {
            // A damaged log of the candidate's keeps no live watch asleep; the candidate's watches tell of it.
            return [];
        }
    }

    /// <summary>Notes that a service's candidate failed, or goes on.</summary>
    internal void Tell(ServiceSlug service, Exception? trouble)
    {
        lock (_gate)
        {
            if (trouble is null)
            {
                if (_troubled.Remove(service) && _troubled.Count == 0)
                    WellAgain(Detector);
                return;
            }
            if (!_troubled.Add(service) || _troubled.Count > 1)
                return;
        }
        if (trouble is StoreUnavailableException)
            NotLogged(Detector, service, trouble.Message);
        else
            NotWatched(trouble, Detector, service);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The candidate detector {Detector} failed beside the live one, first for {Service}. It is tried again every minute, and the live one goes on")]
    private partial void NotWatched(Exception error, string detector, ServiceSlug service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store can't be used for the candidate detector {Detector}, first for {Service}. It is tried again: {Reason}")]
    private partial void NotLogged(string detector, ServiceSlug service, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The candidate detector {Detector} runs again")]
    private partial void WellAgain(string detector);
}
