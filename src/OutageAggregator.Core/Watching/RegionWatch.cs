namespace OutageAggregator.Core.Watching;

/// <summary>
/// One service in one region under observation: takes its counts, closes its minutes, and tells the service's watch what it read.
/// Not thread-safe: its host lets one caller in at a time.
/// </summary>
/// <param name="key">What it observes.</param>
/// <param name="baseline">What was learnt before <paramref name="start"/>; the watch goes on teaching it.</param>
/// <param name="detector">A detector of its own.</param>
/// <param name="start">The first minute it is going to close.</param>
public sealed class RegionWatch(WatchKey key, Baseline baseline, IDetector detector, Minute start)
{
    private readonly WatchedSeries _series = new(baseline, detector, start);
    private readonly RegionReading _reading = new(key.Region);

    public WatchKey Key => key;

    /// <summary>The first minute that is not closed.</summary>
    public Minute End => _series.Window.End;

    /// <summary>Takes stored counts into the window (negative ones where a report was taken back).</summary>
    public void Record(Minute minute, MinuteCounts counts) => _series.Window.Record(minute, counts);

    /// <summary>Takes into the window what was counted of a stored batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="receipts">The store's answer to it, one a report.</param>
    public void Record(ReportBatch batch, IReadOnlyList<Receipt> receipts)
    {
        for (var i = 0; i < receipts.Count; i++)
        {
            if (receipts[i].Outcome == ReportOutcome.Counted)
                Record(batch.Reports[i].At, MinuteCounts.Of(batch.Reports[i].Cell));
        }
    }

    /// <summary>Sets a minute of the window to what a store holds of it.</summary>
    public void Replace(Minute minute, MinuteCounts counts) => _series.Window.Replace(minute, counts);

    /// <summary>Closes the minute <see cref="End"/>.</summary>
    /// <param name="observed">False where nothing could be reported in that minute.</param>
    /// <returns>What the service's watch needs to know; valid until the next call.</returns>
    public RegionReading Close(bool observed) => _reading.Fill(_series.Window, _series.Close(observed));

    /// <summary>
    /// Closes the minute <see cref="End"/> as a past that was judged when it was new: it is learnt from and told, nothing more.
    /// </summary>
    /// <param name="observed">False where nothing could be reported in that minute.</param>
    /// <param name="inIncident">True where it belongs to an incident that is over: nothing is learnt from it.</param>
    /// <returns>The counts, with no verdict; valid until the next call.</returns>
    public RegionReading Pass(bool observed, bool inIncident)
    {
        _series.Pass(observed, inIncident);
        return _reading.Fill(_series.Window, default);
    }

    /// <summary>Follows the service: while an incident is open nothing is learnt, after it only new minutes are judged.</summary>
    public void Follow(in WatchMode mode) => _series.Follow(mode, key.Region);
}

/// <summary>
/// What a region's watch tells the service's: its newest verdict, and its counts minute by minute, as totals and not as changes,
/// so that a reading lost or told twice does no harm.
/// </summary>
public sealed class RegionReading
{
    /// <summary>Minutes told: 13 closed ones (the newest included) and 3 that are still open.</summary>
    public const int Minutes = 16;

    private const int Open = 3;

    private readonly int[] _reports = new int[Minutes];
    private readonly int[] _reporters = new int[Minutes];

    internal RegionReading(Region region) => Region = region;

    /// <summary>A reading that was told elsewhere, with the reports and the reporters of <see cref="Minutes"/> minutes each.</summary>
    /// <exception cref="ArgumentException">It tells more minutes, or fewer.</exception>
    public RegionReading(Region region, Minute from, Verdict verdict, Minute onset, bool isRaised, ReadOnlySpan<int> reports, ReadOnlySpan<int> reporters)
        : this(region)
    {
        if (reports.Length != Minutes || reporters.Length != Minutes)
            throw new ArgumentException($"A reading tells {Minutes} minutes, not {reports.Length} and {reporters.Length}.", nameof(reports));
        (From, Verdict, Onset, IsRaised) = (from, verdict, onset, isRaised);
        reports.CopyTo(_reports);
        reporters.CopyTo(_reporters);
    }

    public Region Region { get; }
    /// <summary>The first minute told.</summary>
    public Minute From { get; private set; }
    /// <summary>The verdict on the newest closed minute.</summary>
    public Verdict Verdict { get; private set; }
    /// <summary>Where the verdict is an outage, its estimated first minute.</summary>
    public Minute Onset { get; private set; }
    /// <summary>True where the verdict is an outage and the last five minutes are still above this region's usual.</summary>
    public bool IsRaised { get; private set; }

    /// <summary>The first minute that is not closed.</summary>
    public Minute End => From + (Minutes - Open);

    /// <summary>Reports by minute, from <see cref="From"/> on.</summary>
    public ReadOnlySpan<int> Reports => _reports;

    /// <summary>Distinct reporters by minute, from <see cref="From"/> on.</summary>
    public ReadOnlySpan<int> Reporters => _reporters;

    /// <summary>The same, for whoever keeps it beyond the next call.</summary>
    public RegionReading Copy() => new(Region, From, Verdict, Onset, IsRaised, _reports, _reporters);

    /// <summary>The counts of a minute; none where it is not told.</summary>
    internal MinuteCounts At(Minute minute) =>
        minute - From is >= 0 and < Minutes and var index ? new MinuteCounts(_reports[index], _reporters[index], 0, 0) : default;

    internal void Set(RegionReading other)
    {
        (From, Verdict, Onset, IsRaised) = (other.From, other.Verdict, other.Onset, other.IsRaised);
        other.Reports.CopyTo(_reports);
        other.Reporters.CopyTo(_reporters);
    }

    internal RegionReading Fill(Window window, Verdict verdict)
    {
        Verdict = verdict;
        Onset = verdict.OnsetIn(window);
        IsRaised = verdict.Level == VerdictLevel.Outage && window.LastFive() is var (five, usual, _)
            && !IncidentLifecycle.IsUsual(five, usual);
        From = window.End - (Minutes - Open);
        for (var i = 0; i < Minutes; i++)
        {
            _reports[i] = window.Reports(From + i);
            // Few sources that send much are cut here, where the region's usual is known.
            _reporters[i] = i < Minutes - Open ? window.Evidence(From + i) : window.Reporters(From + i);
        }
        return this;
    }
}
