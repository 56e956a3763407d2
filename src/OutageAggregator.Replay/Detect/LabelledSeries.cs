using System.IO.Compression;

namespace OutageAggregator.Replay.Detect;

/// <summary>One labelled series: minutes since a start, each observed or a gap.</summary>
/// <param name="Id">Its name in labels and detections.</param>
/// <param name="Zone">The zone of its day.</param>
/// <param name="Start">Minute 0.</param>
/// <param name="Length">Minutes.</param>
/// <param name="File">Its counts, gzipped CSV: <c>t,count,distinct,late</c>.</param>
internal sealed record LabelledSeries(string Id, DateTimeZone Zone, Minute Start, int Length, string File) : IRecordedSeries
{
    private sealed record Told(string Tz, int Minutes, string File);

    /// <summary>All of a folder, by its <c>labels.json</c>.</summary>
    /// <exception cref="ReplayException">No such folder, or its labels can't be read.</exception>
    internal static IReadOnlyList<LabelledSeries> Open(string folder)
    {
        var (start, series) = LabelsFile<Told>.Read(folder);
        return [.. series.Select(s => new LabelledSeries(
            s.Key, ZoneOf(s.Key, s.Value.Tz), Minute.Of(start), s.Value.Minutes, Path.Combine(folder, s.Value.File)))];
    }

    // What arrived late is taken off the reporters: it speaks of other minutes.
    public MinuteCounts?[] Read()
    {
        var counts = new MinuteCounts?[Length];
        Span<Range> parts = stackalloc Range[5];
        foreach (var (number, line) in Gzip.Rows(File))
        {
            var text = line.AsSpan();
            if (text.Split(parts, ',') != 4
                || !Number(text[parts[0]], out var t) || t >= Length
                || !Number(text[parts[1]], out var reports)
                || !Number(text[parts[2]], out var reporters)
                || !Number(text[parts[3]], out var late))
            {
                throw new ReplayException($"{File}, line {number}: expected 't,count,distinct,late' with t below {Length}, found '{line}'.");
            }
            counts[t] = new MinuteCounts(Math.Max(0, reports - late), Math.Max(0, reporters - late), 0, late);
        }
        return counts;
    }

    public string TimeOf(Minute said) => $"{said - Start}";

    private static DateTimeZone ZoneOf(string series, string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)
        ?? throw new ReplayException($"labels.json is not a labels file: the series '{series}' names the unknown time zone '{zone}'.");

    private static bool Number(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>
/// <c>labels.json</c> of a corpus: when it starts, and its series by name in the order of the file. Each command reads of a series what it
/// needs, and nothing that it needs may be missing.
/// </summary>
internal sealed record LabelsFile<T>(DateTimeOffset StartUtc, OrderedDictionary<string, T> Series)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="ReplayException">The file is missing or is no labels file; the message says why.</exception>
    internal static LabelsFile<T> Read(string folder)
    {
        var path = Path.Combine(folder, "labels.json");
        if (!File.Exists(path))
            throw new ReplayException($"'{folder}' holds no labels.json: name a folder with labels.json and series/.");
        try
        {
            return JsonSerializer.Deserialize<LabelsFile<T>>(File.ReadAllText(path), s_options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new ReplayException($"{path} is not a labels file: {e.Message}");
        }
    }
}

internal static class Gzip
{
    /// <summary>The lines of a compressed text after its header, numbered from 2.</summary>
    /// <exception cref="ReplayException">The file is damaged; the message says so.</exception>
    internal static IEnumerable<(int Number, string Line)> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        _ = Read(path, reader);
        for (var number = 2; Read(path, reader) is { } line; number++)
            yield return (number, line);
    }

    private static string? Read(string path, StreamReader reader)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (InvalidDataException e)
        {
            throw new ReplayException($"'{path}' can't be read: {e.Message}");
        }
    }
}
