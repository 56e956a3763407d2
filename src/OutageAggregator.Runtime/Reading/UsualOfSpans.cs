using OutageAggregator.Core.Baselines;
using OutageAggregator.Core.Watching;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Reading;

/// <summary>
/// What is usual in the observed minutes of ascending spans. Baselines are read only where something was observed, one for each
/// four weeks.
/// </summary>
internal sealed class UsualOfSpans(BaselineReader baselines, WatchKey key, IReadOnlyList<MinuteRange> observed, Minute end)
{
    private const int PieceMinutes = Baseline.HistoryDays * Minute.PerDay;

    private Baseline? _baseline;
    private Minute _pieceEnd;
    private int _next;

    /// <summary>The expectation for the observed minutes of [from, to); null where none was observed. Ask in ascending order.</summary>
    public async ValueTask<Expectation?> OverAsync(Minute from, Minute to)
    {
        while (_next < observed.Count && observed[_next].To <= from)
            _next++;
        double mean = 0, weighted = 0;
        var any = false;
        for (var i = _next; i < observed.Count && observed[i].From < to; i++)
        {
            var baseline = await BaselineAsync(from);
            var part = baseline.Over(Minute.Max(from, observed[i].From), Minute.Min(to, observed[i].To));
            mean += part.Mean;
            weighted += part.Mean * part.Dispersion;
            any = true;
        }
        // One busy or quiet day moves all parts of a span together, so the parts share one dispersion: their mean, by weight.
        return any ? new Expectation(mean, mean > 0 ? weighted / mean : 0) : null;
    }

    private async ValueTask<Baseline> BaselineAsync(Minute from)
    {
        if (_baseline is { } known && from < _pieceEnd)
            return known;
        _pieceEnd = from + PieceMinutes;
        return _baseline = await baselines.ReadAsync(key, Minute.Min(_pieceEnd, end), CancellationToken.None);
    }
}
