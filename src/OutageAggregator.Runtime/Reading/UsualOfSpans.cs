namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// What is usual in the observed minutes of ascending spans. Baselines are read only where something was observed, one for each
/// four weeks. A baseline's own dispersion is the error of its estimate; how counts scatter around even a perfect estimate is added
/// here, as a new watch assumes it (a watch that has watched for days knows its own scatter better, but keeps it to itself: what
/// pages show is derived from stored facts only).
/// </summary>
internal sealed class UsualOfSpans(BaselineReader baselines, WatchKey key, IReadOnlyList<MinuteRange> observed, Minute end)
{
    private const int PieceMinutes = Baseline.HistoryDays * Minute.PerDay;

    private Baseline? _baseline;
    private Minute _pieceEnd;
    private int _next;

    /// <summary>
    /// Whether any minute of [from, to) was observed, and the expectation for those that were: null without them, and while nothing of
    /// the usual is not known (<see cref="Baseline.Knows"/>). Ask in ascending order.
    /// </summary>
    public async ValueTask<(bool IsObserved, Expectation? Usual)> OverAsync(Minute from, Minute to)
    {
        while (_next < observed.Count && observed[_next].To <= from)
            _next++;
        var usual = new UsualSum();
        var isKnown = true;
        for (var i = _next; i < observed.Count && observed[i].From < to; i++)
        {
            var baseline = await BaselineAsync(from);
            var stretch = new MinuteRange(Minute.Max(from, observed[i].From), Minute.Min(to, observed[i].To));
            isKnown &= baseline.Knows(stretch.From) && baseline.Knows(stretch.To - 1);
            usual.Add(baseline, stretch);
        }
        return (usual.Minutes > 0, isKnown ? usual.Expectation : null);
    }

    private async ValueTask<Baseline> BaselineAsync(Minute from)
    {
        if (_baseline is { } known && from < _pieceEnd)
            return known;
        _pieceEnd = from + PieceMinutes;
        return _baseline = await baselines.ReadAsync(key, Minute.Min(_pieceEnd, end), CancellationToken.None);
    }
}

/// <summary>Adds up what is usual in observed stretches.</summary>
internal struct UsualSum
{
    // variance = mean + alpha * mean^2 of one minute, independent from minute to minute ...
    private const double MinuteNoise = 0.2;
    // ... and of what neighbouring minutes share.
    private const double SharedNoise = 0.03;

    private double _mean;
    private double _weighted;

    internal int Minutes { get; private set; }

    /// <summary>
    /// Null without a minute. The parts err together, so they share one dispersion: their mean, by weight, and the noise of the minutes.
    /// </summary>
    internal readonly Expectation? Expectation => Minutes == 0 ? null
        : new Expectation(_mean, (_mean > 0 ? _weighted / _mean : 0) + SharedNoise + (MinuteNoise / Minutes));

    internal void Add(Baseline baseline, MinuteRange stretch)
    {
        var part = baseline.Over(stretch.From, stretch.To);
        _mean += part.Mean;
        _weighted += part.Mean * part.Dispersion;
        Minutes += stretch.Length;
    }
}
