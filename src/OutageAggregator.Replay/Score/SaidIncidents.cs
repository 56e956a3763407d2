using System.Text.Json;
using OutageAggregator.Replay.Detect;

namespace OutageAggregator.Replay.Score;

/// <summary>An incident that a detector told; minutes since the corpus starts.</summary>
/// <param name="Start">When it said so.</param>
/// <param name="End">When it said that it was over; null where it never did.</param>
internal readonly record struct SaidIncident(double Start, double? End);

/// <summary>
/// What a detector told, series by series: a file of JSON lines <c>{"series", "start", "end"}</c>, times as minutes or RFC 3339.
/// </summary>
internal static class SaidIncidents
{
    /// <exception cref="CorpusException">A line can't be read or names a series that there is not; the message says which.</exception>
    internal static ILookup<string, SaidIncident> Read(string path, Labels labels)
    {
        var known = labels.Series.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        var said = new List<(string Series, SaidIncident Incident)>();
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                using var json = JsonDocument.Parse(line);
                var series = json.RootElement.GetProperty("series").GetString() ?? "";
                if (!known.Contains(series))
                    throw new CorpusException($"{path}, line {number}: the corpus has no series '{series}'.");
                var start = TimeOf(json.RootElement.GetProperty("start"), labels.Start) ?? throw new FormatException("'start' is missing");
                var end = json.RootElement.TryGetProperty("end", out var told) ? TimeOf(told, labels.Start) : null;
                said.Add((series, new SaidIncident(start, end)));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new CorpusException($"{path}, line {number}: expected {{\"series\": ..., \"start\": ..., \"end\": ...}}: {e.Message}");
            }
        }
        return said.ToLookup(s => s.Series, s => s.Incident, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"'{path}' can't be read: {e.Message}");
        }
    }

    private static double? TimeOf(JsonElement time, DateTimeOffset start) => time.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => time.GetDouble(),
        _ => (DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - start).TotalMinutes,
    };
}
