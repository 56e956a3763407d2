using MathNet.Numerics.Statistics;

namespace OutageAggregator.Replay.Score;

/// <summary>What a detector reaches on a corpus, from the scores of its series. Shares are 0 to 1, times minutes.</summary>
internal sealed class CorpusScore(ImmutableArray<SeriesScore> series)
{
    private readonly List<OutageScore> _outages = [.. series.SelectMany(s => s.Outages)];

    internal ImmutableArray<SeriesScore> Series => series;
    internal int Outages => _outages.Count;
    internal int Found => _outages.Count(o => o.Delay is not null);
    internal int Missed => Outages - Found;
    internal int False => series.Sum(s => s.False.Length);
    internal double Recall => Share(Found, Outages);
    internal double Precision => Share(Found, Found + False);

    /// <summary>Harmonic mean of precision and recall.</summary>
    internal double F1 => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;

    internal double? DelayMedian => Quantile(_outages.Select(o => o.Delay), 0.5);
    internal double? DelayP95 => Quantile(_outages.Select(o => o.Delay), 0.95);
    internal double Weeks => series.Sum(s => s.Labels.Weeks);
    internal double FalsePerWeek => False / Weeks;
    internal int Flaps => series.Sum(s => s.Flaps);
    internal int Masked => _outages.Count(o => o.IsMasked);
    internal int Unclosed => series.Sum(s => s.Unclosed);
    internal double? EndDelayMedian => Quantile(_outages.Select(o => o.EndDelay), 0.5);

    /// <summary>95 % of the ends were said nearer to the truth than this, early or late.</summary>
    internal double? EndDelayP95 => Quantile(_outages.Select(o => o.EndDelay < 0 ? -o.EndDelay : o.EndDelay), 0.95);

    internal (int Covered, int Of) SecondPhases =>
        (_outages.Count(o => o.IsSecondPhaseCovered is true), _outages.Count(o => o.IsSecondPhaseCovered is not null));

    /// <summary>False incidents per week of series without history.</summary>
    internal double? ColdFalsePerWeek =>
        new CorpusScore([.. series.Where(s => s.Labels.IsColdStart)]) is { Weeks: > 0 } cold ? cold.FalsePerWeek : null;

    /// <summary>By kind of outage, sorted by name.</summary>
    internal IEnumerable<(string Kind, int Outages, double Recall, double? DelayMedian, double? DelayP95)> ByKind => _outages
        .GroupBy(o => o.Outage.Kind, StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => (
            g.Key, g.Count(), Share(g.Count(o => o.Delay is not null), g.Count()),
            Quantile(g.Select(o => o.Delay), 0.5), Quantile(g.Select(o => o.Delay), 0.95)));

    /// <summary>By usual reports a minute, sorted by name; the recall is null where there are no outages.</summary>
    internal IEnumerable<(string Volume, double? Recall, CorpusScore Of)> ByVolume => series
        .GroupBy(s => VolumeOf(s.Labels.BaseRate), StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => (g.Key, Score: new CorpusScore([.. g])))
        .Select(v => (v.Key, v.Score.Outages > 0 ? v.Score.Recall : (double?)null, v.Score));

    /// <summary>Decoys by kind that raised an incident, and how many there are.</summary>
    internal IEnumerable<(string Kind, int Raised, int Of)> ByDecoy => series
        .SelectMany(s => s.Labels.Decoys.Where(d => !d.InfoOnly && d.Start >= s.Labels.EvaluatedFrom))
        .GroupBy(d => d.Kind, StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => (g.Key, BlamedOn(g.Key), g.Count()));

    /// <summary>False incidents put down to a kind of decoy, or to "none".</summary>
    internal int BlamedOn(string decoy) => series.Sum(s => s.False.Count(f => f == decoy));

    internal static CorpusScore Of(Labels labels, ILookup<string, SaidIncident> said) =>
        new([.. labels.Series.Select(s => SeriesScore.Of(s, said[s.Id]))]);

    private static double Share(int part, int whole) => whole > 0 ? (double)part / whole : 0;

    private static string VolumeOf(double rate) => rate switch
    {
        < 0.2 => "sparse<0.2",
        < 2 => "low<2",
        < 20 => "mid<20",
        _ => "high>=20",
    };

    // Linear between the two nearest ranks (type 7 of Hyndman and Fan 1996), as the corpus defines its figures.
    private static double? Quantile(IEnumerable<double?> values, double q) =>
        values.OfType<double>().QuantileCustom(q, QuantileDefinition.R7) is var quantile && double.IsNaN(quantile) ? null : quantile;
}
