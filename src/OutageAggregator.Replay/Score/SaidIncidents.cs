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
    internal static ILookup<string, SaidIncident> Read(string path, Labels labels) => Read(
        path, labels.Series.Select(s => s.Id), (_, told) => new SaidIncident(
            TimeOf(told.GetProperty("start"), labels.Start) ?? throw new FormatException("'start' is missing"),
            told.TryGetProperty("end", out var end) ? TimeOf(end, labels.Start) : null));

    /// <summary>Reads each line as what was told of one of the known series.</summary>
    /// <exception cref="ReplayException">A line can't be read or names a series that there is not; the message says which.</exception>
    internal static ILookup<string, T> Read<T>(string path, IEnumerable<string> series, Func<string, JsonElement, T> read)
    {
        var known = series.ToHashSet(StringComparer.Ordinal);
        var said = new List<(string Series, T Told)>();
        foreach (var (number, line) in File.ReadLines(path).Index().Where(l => !string.IsNullOrWhiteSpace(l.Item)))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                var id = json.RootElement.GetProperty("series").GetString() ?? "";
                if (!known.Contains(id))
                    throw new ReplayException($"{path}, line {number + 1}: the corpus has no series '{id}'.");
                said.Add((id, read(id, json.RootElement)));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new ReplayException($"{path}, line {number + 1}: expected {{\"series\": ..., \"start\": ..., \"end\": ...}}: {e.Message}");
            }
        }
        return said.ToLookup(s => s.Series, s => s.Told, StringComparer.Ordinal);
    }

    private static double? TimeOf(JsonElement time, DateTimeOffset start) => time.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => time.GetDouble(),
        _ => (DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - start).TotalMinutes,
    };
}
