using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OutageAggregator.Corpus;

/// <summary>Writes a corpus as <c>data/detection/README.md</c> describes it.</summary>
internal static class CorpusFolder
{
    private static readonly JsonSerializerOptions s_snakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal static void Write(string folder, int seed, List<MadeSeries> made)
    {
        _ = Directory.CreateDirectory(Path.Combine(folder, "series"));
        foreach (var series in made)
        {
            using var rows = new StreamWriter(new GZipStream(File.Create(Path.Combine(folder, "series", series.Id + ".csv.gz")), CompressionLevel.Fastest));
            rows.Write("t,count,distinct,late\n");
            for (var t = 0; t < series.Minutes; t++)
            {
                if (!series.Gap[t])
                    rows.Write(string.Create(CultureInfo.InvariantCulture, $"{t},{series.Reports[t]},{series.Reporters[t]},{series.Late[t]}\n"));
            }
        }
        var labels = new
        {
            Corpus = $"seed {seed}",
            StartUtc = UsualRate.Start.ToDateTimeOffset(),
            Series = made.ToDictionary(s => s.Id, s => new
            {
                File = $"series/{s.Id}.csv.gz",
                Tz = s.Zone,
                BaseRatePerMin = Math.Round(s.BaseRate, 4),
                s.Minutes,
                EvalFrom = s.EvaluatedFrom,
                ColdStart = s.EvaluatedFrom == 0,
                Events = s.Events.Select((e, i) => Labelled(e, $"{s.Id}#{i}")),
                Decoys = s.Decoys,
                HistoryEvents = s.History.Select((e, i) => Labelled(e, $"{s.Id}#{i}h")),
            }, StringComparer.Ordinal),
        };
        File.WriteAllText(Path.Combine(folder, "labels.json"), JsonSerializer.Serialize(labels, s_snakeCase));
    }

    private static object Labelled(MadeEvent e, string id) => new
    {
        Id = id,
        e.Kind,
        e.Start,
        e.End,
        e.Restored,
        Magnitude = Math.Round(e.Magnitude, 2),
        ExcessReports = e.Excess,
        e.Required,
        e.Phases,
    };
}
