namespace OutageAggregator.Replay.Detect;

/// <summary>
/// A series of the Numenta Anomaly Benchmark's realTweets: a count every five minutes. Each is one observation, made in the last of its
/// five minutes; the other four are gaps. Spread over all five it would be five that agree with each other, which nobody saw: what may not
/// be raised by a single minute could then be raised by a single row. A detection is told by the timestamp of the row that raised it.
/// </summary>
internal sealed class NabSeries(string file) : IRecordedSeries
{
    private const int RowMinutes = 5;

    private readonly (DateTime At, int Value)[] _rows = ReadRows(file);

    public string Id => Path.GetFileName(file).Replace(".csv.gz", "", StringComparison.Ordinal);

    // Mentions of American tickers, told in a zone that the benchmark does not state.
    public DateTimeZone Zone => DateTimeZone.Utc;

    public Minute Start => MinuteOf(_rows[0].At);
    public int Length => MinuteOf(_rows[^1].At) - Start + RowMinutes;

    public MinuteCounts?[] Read()
    {
        var counts = new MinuteCounts?[Length];
        foreach (var (at, value) in _rows)
            counts[MinuteOf(at) - Start + RowMinutes - 1] = new MinuteCounts(value, value, 0, 0);
        return counts;
    }

    // The row that raised it.
    public string TimeOf(Minute said) =>
        $"\"{_rows[Math.Max(0, Array.FindLastIndex(_rows, r => MinuteOf(r.At) < said))].At:yyyy-MM-dd HH:mm:ss}\"";

    private static Minute MinuteOf(DateTime at) => Minute.Of(new DateTimeOffset(at, TimeSpan.Zero));

    /// <summary>The series of <c>nab_realTweets/</c> beside labelled ones, by name; null where there is no such folder.</summary>
    internal static IReadOnlyList<NabSeries>? Open(string folder)
    {
        var path = Path.Combine(folder, "nab_realTweets");
        return Directory.Exists(path)
            ? [.. Directory.GetFiles(path, "*.csv.gz").Order(StringComparer.Ordinal).Select(f => new NabSeries(f))]
            : null;
    }

    private static (DateTime At, int Value)[] ReadRows(string file)
    {
        var rows = new List<(DateTime, int)>();
        foreach (var (number, line) in Gzip.Rows(file))
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
        return rows.Count > 0 ? [.. rows] : throw new ReplayException($"{file} holds no rows.");
    }
}
