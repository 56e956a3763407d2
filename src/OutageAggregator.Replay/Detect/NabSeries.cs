namespace OutageAggregator.Replay.Detect;

/// <summary>
/// The series of the Numenta Anomaly Benchmark's realTweets: a count every five minutes. Each is one observation, made in the last of its
/// five minutes; the other four are gaps. Spread over all five it would be five that agree with each other, which nobody saw: what may not
/// be raised by a single minute could then be raised by a single row. A detection is told by the timestamp of the row that raised it.
/// </summary>
internal static class NabSeries
{
    private const int RowMinutes = 5;

    /// <summary>Those of <c>nab_realTweets/</c> beside labelled ones, by name; null where there is no such folder.</summary>
    internal static IReadOnlyList<RecordedSeries>? Open(string folder)
    {
        var path = Path.Combine(folder, "nab_realTweets");
        return Directory.Exists(path) ? [.. Directory.GetFiles(path, "*.csv.gz").Order(StringComparer.Ordinal).Select(Read)] : null;
    }

    private static RecordedSeries Read(string file)
    {
        var rows = ReadRows(file);
        var start = MinuteOf(rows[0].At);
        var counts = new MinuteCounts?[MinuteOf(rows[^1].At) - start + RowMinutes];
        foreach (var (at, value) in rows)
            counts[MinuteOf(at) - start + RowMinutes - 1] = new MinuteCounts(value, value, 0, 0);
        // Mentions of American tickers, told in a zone that the benchmark does not state.
        return new RecordedSeries(
            Path.GetFileName(file).Replace(".csv.gz", "", StringComparison.Ordinal), DateTimeZone.Utc, start, counts.Length, () => counts,
            said => $"\"{rows[Math.Max(0, rows.FindLastIndex(r => MinuteOf(r.At) < said))].At:yyyy-MM-dd HH:mm:ss}\"");
    }

    private static Minute MinuteOf(DateTime at) => Minute.Of(new DateTimeOffset(at, TimeSpan.Zero));

    private static List<(DateTime At, int Value)> ReadRows(string file)
    {
        var rows = new List<(DateTime, int)>();
        foreach (var (number, line) in Corpus.Rows(file))
        {
            var parts = line.Split(',');
            if (parts.Length != 2
                || !DateTime.TryParseExact(parts[0], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                throw new ReplayException($"{file}, line {number}: expected 'yyyy-MM-dd HH:mm:ss,count', found '{line}'.");
            }
            rows.Add((at, value));
        }
        return rows.Count > 0 ? rows : throw new ReplayException($"{file} holds no rows.");
    }
}
