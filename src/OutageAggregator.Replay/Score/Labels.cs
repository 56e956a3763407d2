using System.Text.Json;
using OutageAggregator.Replay.Detect;

namespace OutageAggregator.Replay.Score;

/// <summary>An outage that a detector should find; minutes since the corpus starts, [Start, End).</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">sharp, ramp, two_phase, blip or slow_burn.</param>
/// <param name="Start">When its cause began.</param>
/// <param name="End">When reports were back near the usual.</param>
/// <param name="IsRequired">False where finding it is neither demanded nor punished.</param>
/// <param name="SecondPhase">For two phases: the second, [From, To).</param>
internal sealed record LabelledOutage(string Id, string Kind, int Start, int End, bool IsRequired, (int From, int To)? SecondPhase);

/// <summary>What looks like an outage and is none.</summary>
/// <param name="Kind">press_bump, bot_flood, outlier, gap_late or clock_shift.</param>
/// <param name="Start">Its first minute.</param>
/// <param name="End">The minute after its last.</param>
/// <param name="IsCounted">False for what is told for information only.</param>
internal sealed record Decoy(string Kind, int Start, int End, bool IsCounted);

/// <summary>The truth about one series.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Minutes">Its length.</param>
/// <param name="EvaluatedFrom">Incidents before this minute are not judged.</param>
/// <param name="BaseRate">Usual reports a minute.</param>
/// <param name="IsColdStart">True where nothing came before the first judged minute.</param>
/// <param name="Outages">In time order.</param>
/// <param name="Decoys">In time order.</param>
internal sealed record SeriesLabels(
    string Id, int Minutes, int EvaluatedFrom, double BaseRate, bool IsColdStart, ImmutableArray<LabelledOutage> Outages, ImmutableArray<Decoy> Decoys)
{
    /// <summary>Weeks in which incidents are judged.</summary>
    internal double Weeks => (Minutes - EvaluatedFrom) / 10_080.0;
}

/// <summary><c>labels.json</c> of a corpus.</summary>
/// <param name="Start">Minute 0.</param>
/// <param name="Series">In the order of the file.</param>
internal sealed record Labels(DateTimeOffset Start, ImmutableArray<SeriesLabels> Series)
{
    /// <exception cref="CorpusException">The file is missing or is no labels file; the message says why.</exception>
    internal static Labels Read(string folder)
    {
        var path = Path.Combine(folder, "labels.json");
        if (!File.Exists(path))
            throw new CorpusException($"'{folder}' holds no labels.json: name a folder with labels.json and series/.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            return new Labels(
                json.RootElement.GetProperty("start_utc").GetDateTimeOffset(),
                [.. json.RootElement.GetProperty("series").EnumerateObject().Select(s => SeriesOf(s.Name, s.Value))]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CorpusException($"{path} is not a labels file: {e.Message}");
        }
    }

    private static SeriesLabels SeriesOf(string id, JsonElement series) => new(
        id,
        series.GetProperty("minutes").GetInt32(),
        series.GetProperty("eval_from").GetInt32(),
        series.GetProperty("base_rate_per_min").GetDouble(),
        series.GetProperty("cold_start").GetBoolean(),
        [.. series.GetProperty("events").EnumerateArray().Select(OutageOf)],
        [.. series.GetProperty("decoys").EnumerateArray().Select(DecoyOf)]);

    private static LabelledOutage OutageOf(JsonElement outage) => new(
        outage.GetProperty("id").GetString()!,
        outage.GetProperty("kind").GetString()!,
        outage.GetProperty("start").GetInt32(),
        outage.GetProperty("end").GetInt32(),
        outage.GetProperty("required").GetBoolean(),
        outage.TryGetProperty("phases", out var phases) && phases.GetArrayLength() > 1 ? (phases[1][0].GetInt32(), phases[1][1].GetInt32()) : null);

    private static Decoy DecoyOf(JsonElement decoy) => new(
        decoy.GetProperty("kind").GetString()!,
        decoy.GetProperty("start").GetInt32(),
        decoy.GetProperty("end").GetInt32(),
        !(decoy.TryGetProperty("info_only", out var isTold) && isTold.GetBoolean()));
}
