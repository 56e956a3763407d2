using System.Text.Json.Serialization;
using OutageAggregator.Runtime.Files;

namespace OutageAggregator.Runtime.Recorded;

/// <summary>Reads the files under <c>data/events</c>; their README says what each field means and what in them is invented.</summary>
public static class RecordedEventFile
{
    private const string Format = "outage-event/1";
    private const int MaxMinutes = 7 * Minute.PerDay;
    private const int MaxPerMinute = 100_000;

    /// <exception cref="InvalidDataException">The file can't be read, or has a fault; the message is one line that says where.</exception>
    public static async Task<RecordedEvent> ReadAsync(string path, CancellationToken cancellation)
    {
        var file = await StrictJsonFile.ReadAsync<FileShape>(path, "event file", cancellation);
        if (file.Format != Format)
            throw Fault(path, "format", $"it is '{file.Format}'; this program reads '{Format}'");
        if (!ServiceSlug.TryParse(file.Service, out var service))
            throw Fault(path, "service", $"'{file.Service}' is no service slug such as chatgpt");
        if (file.ReportsPerMinute.Length is 0 or > MaxMinutes)
            throw Fault(path, "reportsPerMinute", FormattableString.Invariant($"it has {file.ReportsPerMinute.Length} counts; allowed are 1 to {MaxMinutes}"));
        if (file.ReportsPerMinute.Any(c => c is < 0 or > MaxPerMinute))
            throw Fault(path, "reportsPerMinute", FormattableString.Invariant($"a count is a whole number from 0 to {MaxPerMinute}"));
        var first = WholeMinute(file.FirstMinute, path, "firstMinute");
        var end = first + file.ReportsPerMinute.Length;
        var excess = ImmutableArray.CreateBuilder<MinuteRange>();
        foreach (var (from, to, reports) in file.Excess)
        {
            var range = new MinuteRange(WholeMinute(from, path, "excess"), WholeMinute(to, path, "excess"));
            if (range.Length == 0 || range.From < first || range.To > end || (excess.Count > 0 && range.From < excess[^1].To))
                throw Fault(path, "excess", $"the stretch from {range.From} to {range.To} is empty, out of order or outside the counts");
            var counted = file.ReportsPerMinute.AsSpan((range.From - first)..(range.To - first)).ToArray().Sum();
            if (counted != reports)
                throw Fault(path, "excess", FormattableString.Invariant($"the stretch from {range.From} has {counted} reports by the minute, not {reports}"));
            excess.Add(range);
        }
        if (excess.Count == 0)
            throw Fault(path, "excess", "name at least one stretch of minutes: the outage itself");
        var mix = new CrowdMix(
            Read<Region>(file.Mix.Regions, IsRegion, path, "regions"),
            Read<Surface>(file.Mix.Surfaces, ReportCodes.TryParse, path, "surfaces"),
            Read<Problem>(file.Mix.Problems, ReportCodes.TryParse, path, "problems"));
        return new RecordedEvent(file.Title, service, first, file.ReportsPerMinute, excess.ToImmutable(), mix);
    }

    private delegate bool TryParse<T>(string text, out T value);

    private static Parts<T> Read<T>(Dictionary<string, int> weights, TryParse<T> parse, string path, string field)
        where T : notnull
    {
        var parts = new List<KeyValuePair<T, int>>();
        foreach (var (code, weight) in weights)
        {
            if (!parse(code, out var value))
                throw Fault(path, $"mix.{field}", $"'{code}' is not known");
            parts.Add(new KeyValuePair<T, int>(value, weight));
        }
        try
        {
            return new Parts<T>(parts);
        }
        catch (ArgumentException e)
        {
            throw Fault(path, $"mix.{field}", "give at least one part, each with a whole number from 1 to 100000", e);
        }
    }

    private static bool IsRegion(string code, out Region region) => Region.TryParse(code, out region) && region != Region.World;

    private static Minute WholeMinute(DateTimeOffset instant, string path, string field)
    {
        var minute = Minute.Of(instant);
        if (minute.Start != instant)
            throw Fault(path, field, "an instant is a whole UTC minute such as 2024-11-09T00:34:00Z");
        return minute;
    }

    private static InvalidDataException Fault(string path, string field, string fault, Exception? inner = null) =>
        new($"The event file {path}, {field}: {fault}.", inner);

    private sealed record FileShape(
        string Format, string Title, string Service, DateTimeOffset FirstMinute, ImmutableArray<StretchShape> Excess,
        ImmutableArray<int> ReportsPerMinute, MixShape Mix, ImmutableArray<NoteShape> Provider, ImmutableArray<SourceShape> Sources,
        ImmutableArray<string> Known, ImmutableArray<string> Interpolated);

    private sealed record StretchShape(DateTimeOffset From, DateTimeOffset To, int Reports);

    private sealed record MixShape(Dictionary<string, int> Regions, Dictionary<string, int> Surfaces, Dictionary<string, int> Problems);

    // What a reader of the file is told; playing it needs none of it.
    private sealed record NoteShape(DateTimeOffset From, DateTimeOffset To, string Text);

    private sealed record SourceShape(string Title, [property: JsonPropertyName("url")] string? Address = null);
}
