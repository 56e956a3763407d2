namespace OutageAggregator.Core.Watching;

/// <summary>
/// One service under observation: adds its regions' counts up to the world's window, judges that, too, and owns the one incident
/// lifecycle of the service. So an outage of one region opens an incident by that region's verdict, and one spread thinly over
/// all of them by the world's.
/// <para>
/// Plan, persist, commit: <see cref="Plan"/> says what should be logged and changes nothing that a second planning would miss;
/// <see cref="Commit"/> goes on from there once it is logged. If the log could not be written, the next plan covers the same
/// minutes again and comes to the same events with the same ids. If the log holds other events under those ids, the log is right:
/// <see cref="Refuse"/> ends the watch's planning, and its host makes a new one from the stores.
/// </para>
/// Not thread-safe: its host lets one caller in at a time.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="baseline">What was learnt of the world's sum before <paramref name="start"/>.</param>
/// <param name="detector">A detector of its own.</param>
/// <param name="start">The first minute it is going to close.</param>
public sealed class ServiceWatch(ServiceSlug service, Baseline baseline, IDetector detector, Minute start)
{
    // Minutes waiting for a log that can't be written: beyond this the oldest are given up, one by one.
    private const int MaxPending = 1440;
    // Room kept for those of the next ticks.
    private const int KeptPending = 4;

    private readonly WatchedSeries _series = new(baseline, detector, start);
    private readonly Dictionary<Region, RegionReading> _regions = [];
    private readonly Queue<LifecycleMinute> _pending = new();
    private LifecycleState _state = LifecycleState.Start(service);
    private Minute _plannedFrom = new(int.MinValue);

    public ServiceSlug Service => service;

    /// <summary>The first minute that is not closed.</summary>
    public Minute End => _series.Window.End;

    /// <summary>True where the log knows better: somebody else has watched the service, too. Such a watch plans nothing more.</summary>
    public bool IsStale { get; private set; }

    /// <summary>What the service's regions must follow.</summary>
    public WatchMode Mode => _state.Mode;

    /// <summary>Takes what a region read: new totals of its minutes replace those it told before.</summary>
    public void Take(RegionReading reading)
    {
        if (!_regions.TryGetValue(reading.Region, out var told))
            _regions[reading.Region] = told = new RegionReading(reading.Region);
        for (var minute = reading.From; minute < reading.From + RegionReading.Minutes; minute++)
        {
            if (reading.At(minute) - told.At(minute) is { IsEmpty: false } added)
                _series.Window.Record(minute, added);
        }
        told.Set(reading);
    }

    /// <summary>Learns of an incident that is over: to be told of each before <see cref="Restore"/>, the oldest first.</summary>
    public void Remember(Incident over) => _series.Follow(WatchMode.Of(over), Region.World);

    /// <summary>
    /// Goes on where the log ends. To be called before minutes are closed: those the newest event has decided are not planned again,
    /// those after it are, as if the watch had never stopped.
    /// </summary>
    /// <param name="newest">The newest event of the service.</param>
    /// <param name="incident">Its newest incident, if it ever had one.</param>
    public void Restore(IncidentEvent newest, Incident? incident)
    {
        _state = LifecycleState.From(newest, incident);
        _plannedFrom = Minute.Of(newest.At);
        _series.Follow(_state.Mode, Region.World);
    }

    /// <summary>Closes the minute <see cref="End"/>; <see cref="Plan"/> takes it up.</summary>
    /// <param name="observed">False where nothing could be reported in that minute.</param>
    public void Close(bool observed)
    {
        var verdict = _series.Close(observed);
        if (!observed)
            return;
        if (End <= _plannedFrom)
        {
            Recall(verdict);
            return;
        }
        if (_pending.Count == MaxPending)
            _ = _pending.Dequeue();
        var (worst, onset) = Worst(verdict);
        _pending.Enqueue(LifecycleMinute.Read(_series.Window, worst, onset, RegionIsRaised(), OutageRegions()));
    }

    /// <summary>
    /// Closes the minute <see cref="End"/> as a past that was judged when it was new: it is learnt from, and nothing is planned.
    /// </summary>
    /// <param name="observed">False where nothing could be reported in that minute.</param>
    /// <param name="inIncident">True where it belongs to an incident that is over: nothing is learnt from it.</param>
    public void Pass(bool observed, bool inIncident)
    {
        _series.Pass(observed, inIncident);
        if (observed)
            Recall(default);
    }

    /// <summary>What should be logged after the minutes closed since the last commit. Changes nothing.</summary>
    public WatchPlan Plan()
    {
        var state = _state;
        if (IsStale)
            return new WatchPlan(state, 0, null);
        List<IncidentEvent>? events = null;
        foreach (var minute in _pending)
        {
            if (IncidentLifecycle.Step(ref state, minute) is { } happened)
                (events ??= []).Add(happened);
        }
        return new WatchPlan(state, _pending.Count, events);
    }

    /// <summary>Takes a plan's refusal by the log: from here on the watch is stale.</summary>
    public void Refuse() => IsStale = true;

    /// <summary>Goes on from a plan whose events are in the log.</summary>
    /// <returns>True where the mode changed, so that the regions must follow.</returns>
    public bool Commit(in WatchPlan plan)
    {
        for (var i = 0; i < plan.Minutes; i++)
            _ = _pending.Dequeue();
        // After a log that was away for hours, whose minutes took a quarter of a kilobyte each.
        if (_pending.Count == 0 && _pending.Capacity > KeptPending)
            _pending.TrimExcess(KeptPending);
        var before = _state.Mode;
        _state = plan.State;
        if (_state.Mode == before)
            return false;
        _series.Follow(_state.Mode, Region.World);
        return true;
    }

    /// <summary>
    /// Goes on from the minutes closed since the last commit where nothing is to be logged of them: a watch that closes hours one after
    /// the other, as a restored one does, need not hold them until it is planned.
    /// </summary>
    /// <returns>False where they bring an event, and wait for the log.</returns>
    public bool Settle()
    {
        var plan = Plan();
        if (plan.Events.Count > 0)
            return false;
        _ = Commit(plan);
        return true;
    }

    private void Recall(Verdict verdict)
    {
        _ = _state.See(_series.Window.End - 1);
        if (_state.Incident is not null)
            _state.Recall(LifecycleMinute.Read(_series.Window, verdict, default, RegionIsRaised(), []));
    }

    // The world's own verdict wins a tie: it speaks of more.
    private (Verdict Verdict, Minute Onset) Worst(Verdict world)
    {
        var worst = (Verdict: world, Onset: world.OnsetIn(_series.Window));
        foreach (var region in _regions.Values)
        {
            if (region.Verdict.Level > worst.Verdict.Level)
                worst = (region.Verdict, region.Onset);
        }
        return worst;
    }

    private bool RegionIsRaised() => AnyRegion(region => region.IsRaised);

    private Region[] OutageRegions() => AnyRegion(region => region.Verdict.Level == VerdictLevel.Outage)
        ? [.. _regions.Where(r => r.Value.Verdict.Level == VerdictLevel.Outage).Select(r => r.Key).Order()]
        : [];

    // A quiet minute allocates nothing, so not even LINQ's enumerator.
    private bool AnyRegion(Func<RegionReading, bool> holds)
    {
        foreach (var region in _regions.Values)
        {
            if (holds(region))
                return true;
        }
        return false;
    }
}

/// <summary>What a service's watch would log and where it would stand then.</summary>
public readonly struct WatchPlan
{
    internal WatchPlan(in LifecycleState state, int minutes, IReadOnlyList<IncidentEvent>? events) =>
        (State, Minutes, Events) = (state, minutes, events ?? []);

    /// <summary>Events to append, in order; mostly none.</summary>
    public IReadOnlyList<IncidentEvent> Events { get; }

    internal LifecycleState State { get; }
    internal int Minutes { get; }
}
