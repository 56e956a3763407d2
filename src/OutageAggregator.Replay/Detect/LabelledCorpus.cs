using System.IO.Compression;
using System.Text.Json;
using NodaTime;

namespace OutageAggregator.Replay.Detect;

/// <summary>One labelled series: minutes since a start, each observed or a gap.</summary>
/// <param name="Id">Its name in labels and detections.</param>
/// <param name="Zone">The zone of its day.</param>
/// <param name="Start">Minute 0.</param>
/// <param name="Length">Minutes.</param>
/// <param name="File">Its counts, gzipped CSV: <c>t,count,distinct,late</c>.</param>
internal sealed record LabelledSeries(string Id, DateTimeZone Zone, Minute Start, int Length, string File) : IRecordedSeries
{
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
                throw new CorpusException(string.Create(CultureInfo.InvariantCulture,
                    $"{File}, line {number}: expected 't,count,distinct,late' with t below {Length}, found '{line}'."));
            }
            counts[t] = new MinuteCounts(Math.Max(0, reports - late), Math.Max(0, reporters - late), 0, late);
        }
        return counts;
    }

    public string ToLine(Detection detection) => DetectionLine.Of(
        Id,
        (detection.Start - Start).ToString(CultureInfo.InvariantCulture),
        detection.End is { } end ? (end - Start).ToString(CultureInfo.InvariantCulture) : null,
        detection.Severity);

    private static bool Number(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A corpus folder can't be read; the message says which file and why.</summary>
internal sealed class CorpusException(string message) : Exception(message);

/// <summary>A folder of labelled series: <c>labels.json</c> and the files it names.</summary>
internal static class LabelledCorpus
{
    /// <exception cref="CorpusException">No such folder, or its labels can't be read.</exception>
    internal static IReadOnlyList<LabelledSeries> Open(string folder)
    {
        var path = Path.Combine(folder, "labels.json");
        if (!File.Exists(path))
            throw new CorpusException($"'{folder}' holds no labels.json: name a folder with labels.json and series/.");
        try
        {
            using var labels = JsonDocument.Parse(File.ReadAllText(path));
            var start = Minute.Of(labels.RootElement.GetProperty("start_utc").GetDateTimeOffset());
            return [.. labels.RootElement.GetProperty("series").EnumerateObject().Select(s => new LabelledSeries(
                s.Name,
                DateTimeZoneProviders.Tzdb[s.Value.GetProperty("tz").GetString()!],
                start,
                s.Value.GetProperty("minutes").GetInt32(),
                Path.Combine(folder, s.Value.GetProperty("file").GetString()!)))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or NodaTime.TimeZones.DateTimeZoneNotFoundException or ArgumentNullException)
        {
            throw new CorpusException($"{path} is not a labels file: {e.Message}");
        }
    }
}

internal static class Gzip
{
    /// <summary>The lines of a compressed text after its header, numbered from 2.</summary>
    /// <exception cref="CorpusException">The file is missing or damaged; the message says so.</exception>
    internal static IEnumerable<(int Number, string Line)> Rows(string path)
    {
        using var reader = Try(path, () => new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)));
        Func<string?> next = reader.ReadLine;
        _ = Try(path, next);
        for (var number = 2; Try(path, next) is { } line; number++)
            yield return (number, line);
    }

    private static T Try<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new CorpusException($"'{path}' can't be read: {e.Message}");
        }
    }
}
