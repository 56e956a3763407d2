using System.IO.Compression;

namespace OutageAggregator.Replay.Detect;

/// <summary>The labelled series of a corpus: minutes since a start, each observed or a gap.</summary>
internal static class LabelledSeries
{
    private sealed record Told(string Tz, int Minutes, string File);

    /// <summary>All of a folder, by its <c>labels.json</c>.</summary>
    /// <exception cref="ReplayException">No such folder, or its labels can't be read.</exception>
    internal static IReadOnlyList<RecordedSeries> Open(string folder)
    {
        var (startUtc, series) = LabelsFile<Told>.Read(folder);
        var start = Minute.Of(startUtc);
        return [.. series.Select(s => Of(s.Key, s.Value))];

        RecordedSeries Of(string id, Told told) => new(
            id, ZoneOf(id, told.Tz), start, told.Minutes,
            () => Read(Path.Combine(folder, told.File), told.Minutes), said => $"{said - start}");
    }

    // Gzipped CSV: t,count,distinct,late. What arrived late is taken off the reporters: it speaks of other minutes.
    private static MinuteCounts?[] Read(string file, int length)
    {
        var counts = new MinuteCounts?[length];
        Span<Range> parts = stackalloc Range[5];
        foreach (var (number, line) in Corpus.Rows(file))
        {
            var text = line.AsSpan();
            if (text.Split(parts, ',') != 4
                || !Number(text[parts[0]], out var t) || t >= length
                || !Number(text[parts[1]], out var reports)
                || !Number(text[parts[2]], out var reporters)
                || !Number(text[parts[3]], out var late))
            {
                throw new ReplayException($"{file}, line {number}: expected 't,count,distinct,late' with t below {length}, found '{line}'.");
            }
            counts[t] = new MinuteCounts(Math.Max(0, reports - late), Math.Max(0, reporters - late), 0, late);
        }
        return counts;
    }

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
    /// <exception cref="ReplayException">The file is missing or is no labels file; the message says why.</exception>
    internal static LabelsFile<T> Read(string folder) => Path.Combine(folder, "labels.json") is var path && File.Exists(path)
        ? Corpus.Json<LabelsFile<T>>(path, "is not a labels file")
        : throw new ReplayException($"'{folder}' holds no labels.json: name a folder with labels.json and series/.");
}

internal static class Corpus
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="ReplayException">The file is no such JSON: the message says "file fault: why".</exception>
    internal static T Json<T>(string path, string fault)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), s_options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new ReplayException($"{path} {fault}: {e.Message}");
        }
    }

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
