using OutageAggregator.Core.Baselines;

namespace OutageAggregator.Replay.Score;

/// <summary>Of the quiet minutes, how many looked at least this improbable.</summary>
/// <param name="Log10P">The nominal tail probability, as its logarithm.</param>
/// <param name="Frequency">The share of minutes whose window had that tail or a smaller one.</param>
internal readonly record struct CalibrationPoint(int Log10P, double Frequency);

/// <summary>One length of window: a point for each power of ten.</summary>
internal sealed record CalibrationCurve(int WindowMinutes, long Looks, ImmutableArray<CalibrationPoint> Points);

/// <summary>
/// How far the detector's probabilities can be believed: on minutes without outage or decoy, a tail of one in a thousand should come up
/// once in a thousand looks. Counts are whole numbers, so it comes up less often where they are small; it must not come up more often.
/// The watches are the product's; this looks over the detector's shoulder.
/// </summary>
internal sealed class Calibration(IDetector detector, int start, Func<int, bool> isQuiet) : IDetector
{
    // As far as 850,000 looks can tell.
    private const int Deepest = 6;

    // An outage fills the longest window for so long after its end, and its onset may lie a little before its label.
    private const int Before = 60;
    private const int After = 240;

    private static readonly int[] s_windows = [5, 15, 60];

    private readonly long[] _looks = new long[s_windows.Length];
    private readonly long[,] _reached = new long[s_windows.Length, Deepest + 1];

    public void Reset() => detector.Reset();

    public void Recall(Core.Series.Minute at, in Evidence raised) => detector.Recall(at, raised);

    public Verdict Judge(in Observation observation)
    {
        var (window, since, noise, _) = observation;
        if (isQuiet(window.End.Number - 1 - start))
        {
            for (var w = 0; w < s_windows.Length; w++)
            {
                var from = window.End - s_windows[w];
                if (from >= window.Oldest && from >= since)
                    Look(w, window.Sum(from, window.End), noise);
            }
        }
        return detector.Judge(observation);
    }

    /// <summary>The curves of a corpus, all series together.</summary>
    /// <exception cref="ReplayException">The corpus can't be read; the message says which file and why.</exception>
    internal static async Task<ImmutableArray<CalibrationCurve>> OfAsync(string folder, Labels labels, CancellationToken cancellation)
    {
        var truth = labels.Series.ToDictionary(s => s.Id, StringComparer.Ordinal);
        var series = LabelledSeries.Open(folder);
        var seen = new Calibration[series.Count];
        await Parallel.ForAsync(0, series.Count, cancellation, (i, cancelled) =>
        {
            var labelled = truth[series[i].Id];
            _ = SeriesReplay.Run(series[i], region =>
            {
                var detector = Detectors.Create(Detectors.Default, region);
                return region == Region.World ? seen[i] = new Calibration(detector, series[i].Start.Number, minute => IsQuiet(labelled, minute)) : detector;
            });
            return ValueTask.CompletedTask;
        });
        return [.. s_windows.Select((minutes, w) =>
        {
            var looks = seen.Sum(s => s._looks[w]);
            return new CalibrationCurve(minutes, looks, [.. Enumerable.Range(1, Deepest).Select(k => new CalibrationPoint(-k, seen.Sum(s => s._reached[w, k]) / (double)looks))]);
        })];
    }

    private static bool IsQuiet(SeriesLabels labels, int minute) =>
        minute >= labels.EvaluatedFrom && !labels.IsColdStart
        && !labels.Outages.Any(o => minute >= o.Start - Before && minute < o.End + After)
        && !labels.Decoys.Any(d => minute >= d.Start - Before && minute < d.End + After);

    private void Look(int w, in Core.Windows.WindowSum sum, Noise noise)
    {
        if (sum.Expected <= 0)
            return;
        _looks[w]++;
        var log10P = CountTail.Log10Upper(sum.Evidence, noise.Of(sum));
        for (var k = 1; k <= Deepest && log10P <= -k; k++)
            _reached[w, k]++;
    }
}
