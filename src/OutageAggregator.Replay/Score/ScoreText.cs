using System.Text.Encodings.Web;

namespace OutageAggregator.Replay.Score;

/// <summary>What a detector reaches.</summary>
/// <param name="Detector">Its name, or that of the file with its detections.</param>
/// <param name="Nab">On the tweets, by profile; empty where they were not run.</param>
internal sealed record Scored(string Detector, CorpusScore Score, ImmutableArray<NabScore> Nab);

/// <summary>A score as tables in Markdown, for people and for <c>docs/methodology.md</c>, and as JSON, for programs.</summary>
internal static class ScoreText
{
    private static readonly JsonSerializerOptions s_written = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // "sparse<0.2" as it is: this is never embedded in HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private const string Header =
        "| detector | F1 | recall | precision | delay median / p95 min | false incidents a service-week | flaps | masked | left open | end delay median min | second phase | decoys |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|---|\n";

    /// <summary>All detectors in a table, then the first by kind of outage, volume and decoy, then their scores on the tweets.</summary>
    internal static string Markdown(IReadOnlyList<Scored> scores)
    {
        var text = new StringBuilder(Header);
        foreach (var scored in scores)
            _ = text.Append(Row(scored.Detector, scored.Score));
        _ = text.Append($"\n`{scores[0].Detector}` in detail:\n\n").Append(Details(scores[0].Score));
        var tweets = scores.SelectMany(s => s.Nab.Select(n => (s.Detector, Score: n))).ToList();
        if (tweets.Count > 0)
            _ = text.Append("\n| NAB realTweets | profile | score | windows found | false rows |\n|---|---|---|---|---|\n");
        foreach (var (detector, score) in tweets)
            _ = text.Append($"| {detector} | {score.Profile} | {score.Score:F1} | {score.Found} of {score.Windows} | {score.False} |\n");
        return text.ToString();
    }

    private static string Row(string name, CorpusScore score)
    {
        var (covered, phases) = score.SecondPhases;
        return $"| {name} | {score.F1:F3} | {score.Recall:F3} | {score.Precision:F3} | {Text(score.DelayMedian)} / {Text(score.DelayP95)} | {score.FalsePerWeek:F3} | {score.Flaps} | {score.Masked} | {score.Unclosed} | {Text(score.EndDelayMedian)} | {covered}/{phases} | {score.ByDecoy.Sum(d => d.Raised)}/{score.ByDecoy.Sum(d => d.Of)} |\n";
    }

    private static string Details(CorpusScore score)
    {
        var text = new StringBuilder("| kind of outage | outages | found | delay median / p95 min |\n|---|---|---|---|\n");
        foreach (var kind in score.ByKind)
            _ = text.Append($"| {kind.Kind} | {kind.Outages} | {kind.Recall:P0} | {Text(kind.DelayMedian)} / {Text(kind.DelayP95)} |\n");
        _ = text.Append("\n| usual reports a minute | outages | found | false incidents a service-week | delay median min |\n|---|---|---|---|---|\n");
        foreach (var (volume, recall, of) in score.ByVolume)
            _ = text.Append($"| {volume} | {of.Outages} | {recall:P0} | {of.FalsePerWeek:F3} | {Text(of.DelayMedian)} |\n");
        _ = text.Append("\n| decoy | raised an incident |\n|---|---|\n");
        foreach (var (kind, raised, of) in score.ByDecoy)
            _ = text.Append($"| {kind} | {raised} of {of} |\n");
        _ = text.Append($"| near a clock shift | {score.BlamedOn("clock_shift")} |\n");
        return text.Append($"| none of these | {score.BlamedOn("none")} |\n").ToString();
    }

    /// <summary>Every figure, and what became of every outage.</summary>
    internal static string Json(CorpusScore score)
    {
        (string Name, object? Value)[] figures =
        [
            ("events", score.Outages), ("tp", score.Found), ("fn", score.Missed), ("fp", score.False),
            ("recall", score.Recall), ("precision", score.Precision), ("f1", score.F1),
            ("delay_median", score.DelayMedian), ("delay_p95", score.DelayP95),
            ("false_per_service_week", score.FalsePerWeek), ("service_weeks", score.Weeks),
            ("flaps", score.Flaps), ("flaps_per_detected", score.Found > 0 ? (double)score.Flaps / score.Found : (double?)null),
            ("end_delay_median", score.EndDelayMedian), ("end_delay_p95_abs", score.EndDelayP95),
            ("unclosed", score.Unclosed), ("masked", score.Masked), ("phase2_covered", $"{score.SecondPhases.Covered}/{score.SecondPhases.Of}"),
            ("by_kind", score.ByKind.ToDictionary(k => k.Kind, k => new { N = k.Outages, k.Recall, k.DelayMedian, k.DelayP95 }, StringComparer.Ordinal)),
            ("by_volume", score.ByVolume.ToDictionary(
                v => v.Volume,
                v => new { N = v.Of.Outages, v.Recall, Fp = v.Of.False, FalsePerServiceWeek = v.Of.FalsePerWeek, v.Of.DelayMedian },
                StringComparer.Ordinal)),
            ("decoys", score.ByDecoy.ToDictionary(d => d.Kind, d => $"{d.Raised}/{d.Of}", StringComparer.Ordinal)),
            ("false_near_clock_shift", score.BlamedOn("clock_shift")), ("false_elsewhere", score.BlamedOn("none")),
            ("cold_false_per_service_week", score.ColdFalsePerWeek),
            ("per_event", score.Series.SelectMany(s => s.Outages.Select(o =>
                new { Series = s.Labels.Id, o.Outage.Id, o.Outage.Kind, Hit = o.Delay is not null, o.Delay, o.EndDelay, Masked = o.IsMasked }))),
        ];
        return JsonSerializer.Serialize(figures.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal), s_written);
    }

    private static string Text(double? minutes) => minutes is { } value ? $"{value:0.#}" : "-";
}
