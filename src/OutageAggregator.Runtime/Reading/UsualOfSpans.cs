namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// What is usual in the observed minutes of ascending spans. Baselines are read only where something was observed, one for each
/// four weeks. A baseline's own dispersion is the error of its estimate; how counts scatter around even a perfect estimate is added
/// here, as a new watch assumes it (a watch that has watched for days knows its own scatter better, but keeps it to itself: what
/// pages show is derived from stored facts only).
/// </summary>
internal sealed class UsualOfSpans(BaselineReader baselines, WatchKey key, IReadOnlyList<MinuteRange> observed, Minute end)
{
    // variance = mean + alpha * mean^2 of one minute, independent from minute to minute ...
    private const double MinuteNoise = 0.2;
    // ... and of what neighbouring minutes share.
    private const double SharedNoise = 0.03;

    private const int PieceMinutes = Baseline.HistoryDays * Minute.PerDay;

    private Baseline? _baseline;
    private Minute _pieceEnd;
    private int _next;

    /// <summary>
    /// Whether any minute of [from, to) was observed, and the expectation for those that were: null without them, and while nothing of
    /// the usual has been learnt. Ask in ascending order.
    /// </summary>
    public async ValueTask<(bool IsObserved, Expectation? Usual)> OverAsync(Minute from, Minute to)
    {
        while (_next < observed.Count && observed[_next].To <= from)
            _next++;
        double mean = 0, weighted = 0;
        var minutes = 0;
        var isKnown = true;
        for (var i = _next; i < observed.Count && observed[i].From < to; i++)
        {
            var baseline = await BaselineAsync(from);
            var stretch = new MinuteRange(Minute.Max(from, observed[i].From), Minute.Min(to, observed[i].To));
            isKnown &= baseline.DaysLearnt > 0;
            var part = baseline.Over(stretch.From, stretch.To);
            mean += part.Mean;
            weighted += part.Mean * part.Dispersion;
            minutes += stretch.Length;
        }
        if (minutes == 0 || !isKnown)
            return (minutes > 0, null);
        // The parts of a span err together, so they share one dispersion: their mean, by weight.
        return (true, new Expectation(mean, (mean > 0 ? weighted / mean : 0) + SharedNoise + (MinuteNoise / minutes)));
    }

    private async ValueTask<Baseline> BaselineAsync(Minute from)
    {
        if (_baseline is { } known && from < _pieceEnd)
            return known;
        _pieceEnd = from + PieceMinutes;
        return _baseline = await baselines.ReadAsync(key, Minute.Min(_pieceEnd, end), CancellationToken.None);
    }
}
