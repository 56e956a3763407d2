using System.Text.Json.Serialization;

namespace OutageAggregator.Replay.Score;

/// <summary>An outage that a detector should find; minutes since the corpus starts, [Start, End).</summary>
/// <param name="Kind">sharp, ramp, two_phase, blip or slow_burn.</param>
/// <param name="Start">When its cause began.</param>
/// <param name="End">When reports were back near the usual.</param>
/// <param name="IsRequired">False where finding it is neither demanded nor punished.</param>
/// <param name="Phases">Where there are two: each [from, to).</param>
internal sealed record LabelledOutage(
    string Id, string Kind, int Start, int End, [property: JsonPropertyName("required")] bool IsRequired, int[][]? Phases = null)
{
    internal (int From, int To)? SecondPhase => Phases is [_, [var from, var to], ..] ? (from, to) : null;
}

/// <summary>What looks like an outage and is none.</summary>
/// <param name="Kind">press_bump, bot_flood, outlier, gap_late or clock_shift.</param>
/// <param name="Start">Its first minute.</param>
/// <param name="End">The minute after its last.</param>
/// <param name="InfoOnly">True for what is told for information and not counted.</param>
internal sealed record Decoy(string Kind, int Start, int End, bool InfoOnly = false);

/// <summary>The truth about one series.</summary>
/// <param name="Minutes">Its length.</param>
/// <param name="EvaluatedFrom">Incidents before this minute are not judged.</param>
/// <param name="BaseRate">Usual reports a minute.</param>
/// <param name="IsColdStart">True where nothing came before the first judged minute.</param>
/// <param name="Outages">In time order.</param>
/// <param name="Decoys">In time order.</param>
internal sealed record SeriesLabels(
    int Minutes, [property: JsonPropertyName("eval_from")] int EvaluatedFrom,
    [property: JsonPropertyName("base_rate_per_min")] double BaseRate, [property: JsonPropertyName("cold_start")] bool IsColdStart,
    [property: JsonPropertyName("events")] ImmutableArray<LabelledOutage> Outages, ImmutableArray<Decoy> Decoys)
{
    [JsonIgnore]
    public string Id { get; init; } = "";

    /// <summary>Weeks in which incidents are judged.</summary>
    internal double Weeks => (Minutes - EvaluatedFrom) / 10_080.0;
}

/// <summary><c>labels.json</c> of a corpus: its minute 0, and its series in the order of the file.</summary>
internal sealed record Labels(DateTimeOffset Start, ImmutableArray<SeriesLabels> Series)
{
    /// <exception cref="ReplayException">The file is missing or is no labels file; the message says why.</exception>
    internal static Labels Read(string folder)
    {
        var (start, series) = LabelsFile<SeriesLabels>.Read(folder);
        return new Labels(start, [.. series.Select(s => s.Value with { Id = s.Key })]);
    }
}
