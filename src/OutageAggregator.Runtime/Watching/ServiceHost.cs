namespace OutageAggregator.Runtime.Watching;

/// <summary>Asks a region's host, wherever it is, to close minutes.</summary>
/// <returns>Its readings, or null where it gave no answer.</returns>
public delegate Task<IReadOnlyList<RegionReading>?> AskRegion(Region region, ClosingMinutes minutes);

/// <summary>
/// Hosts one service's watch, which holds the incident. Its regions' watches (<see cref="RegionHost"/>) may be on other nodes. It closes
/// minutes for all of them: one call a region and minute, and never one a report.
/// <code>
///   tick -> minutes over? -> each region closes them -> readings -> world window -> plan -> log -> commit
/// </code>
/// Not thread-safe, and ticks must not overlap; <see cref="Join"/> may come while a tick awaits its answers.
/// </summary>
public sealed class ServiceHost
{
    // A region that does not answer is asked again at the next ticks, while its node is given up and it is loaded on another one. After
    // that the others must not wait for it: its next reading tells the minutes it missed.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly ServiceWatch _watch;
    private readonly HostParts _parts;
    private readonly HashSet<Region> _regions;
    private Minute _counted;

    private ServiceHost(ServiceWatch watch, IEnumerable<Region> regions, HostParts parts)
    {
        (_watch, _parts, _regions) = (watch, parts, [.. regions]);
        _counted = watch.End;
    }

    /// <summary>
    /// True where nothing is left to watch: no report in any window, and no incident open. It is loaded again with the next report, and has
    /// learnt the same by then.
    /// </summary>
    public bool IsIdle => !_watch.Mode.InIncident && _watch.End - _counted > Window.Reach;

    /// <summary>The first minute that is not closed.</summary>
    public Minute End => _watch.End;

    /// <summary>True where the log refused what it planned: it must be loaded again.</summary>
    public bool IsStale => _watch.IsStale;

    /// <summary>The regions without which the last minutes were closed: they gave no answer for too long.</summary>
    public IReadOnlyCollection<Region> Missing { get; private set; } = [];

    /// <summary>Restores a service's watch from the stores.</summary>
    /// <exception cref="StoreUnavailableException">The stores can't be read now.</exception>
    public static async Task<ServiceHost> LoadAsync(ServiceSlug service, HostParts parts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var (watch, regions) = await parts.Loader.LoadAsync(service, Minute.Of(parts.Clock.GetUtcNow()), cancellation);
        return new ServiceHost(watch, regions.Select(r => r.Key.Region), parts);
    }

    /// <summary>A region has a watch: it is asked from the next tick on.</summary>
    /// <returns>Where it has to begin.</returns>
    public JoinPoint Join(Region region)
    {
        _ = _regions.Add(region);
        return new JoinPoint(_watch.End, _watch.Mode);
    }

    /// <summary>Closes the minutes that are over and logs what follows.</summary>
    /// <exception cref="StoreUnavailableException">The stores can't be used now; the next tick goes on where this one ended.</exception>
    public Task TickAsync(AskRegion ask, CancellationToken cancellation) => TickAsync(Minute.Of(_parts.Clock.GetUtcNow()), ask, cancellation);

    /// <summary>Closes the minutes before <paramref name="end"/>, which are over, and logs what follows.</summary>
    /// <exception cref="StoreUnavailableException">The stores can't be used now; the next tick goes on where this one ended.</exception>
    internal async Task TickAsync(Minute end, AskRegion ask, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ask);
        var now = _parts.Clock.GetUtcNow();
        await _parts.Runner.RunAsync(_watch, cancellation);
        if (_watch.End >= end)
            return;
        var observed = await _parts.Observer.ReadAsync(_watch.End, end, cancellation);
        Region[] silent = [];
        // One minute after the other, however late it is: an event changes how the minutes after it are judged, and what the watch says,
        // and when, must not depend on how long a store hung.
        while (_watch.End < end && !_watch.IsStale)
        {
            var minute = new ClosingMinutes(_watch.End, _watch.End + 1, observed, _watch.Mode);
            Region[] regions = [.. _regions.Except(silent)];
            var answers = await Task.WhenAll(Array.ConvertAll(regions, region => ask(region, minute)));
            silent = [.. silent, .. regions.Where((_, i) => answers[i] is null)];
            if (silent.Length > 0 && now < end.Start + s_patience)
                return;
            Close(minute, answers, isLast: _watch.End + 1 == end);
            Missing = silent;
            await _parts.Runner.RunAsync(_watch, cancellation);
        }
    }

    private void Close(ClosingMinutes closing, IReadOnlyList<RegionReading>?[] answers, bool isLast)
    {
        var minute = closing.From;
        foreach (var readings in answers)
        {
            foreach (var reading in readings ?? [])
            {
                // One that is ahead told its older minutes to nobody, and tells them now.
                if (reading.End == minute + 1 || (isLast && reading.End > minute))
                    Take(reading, minute);
            }
        }
        _watch.Close(closing.IsObserved(minute));
    }

    private void Take(RegionReading reading, Minute minute)
    {
        _watch.Take(reading);
        if (reading.Reports.ContainsAnyExcept(0))
            _counted = Minute.Max(_counted, minute);
    }
}
