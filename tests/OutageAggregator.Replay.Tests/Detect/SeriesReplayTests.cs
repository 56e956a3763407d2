using OutageAggregator.Core.Detection;
using OutageAggregator.Replay.Detect;
using OutageAggregator.Replay.Score;

namespace OutageAggregator.Replay.Tests.Detect;

public sealed class SeriesReplayTests
{
    private static readonly string s_corpus = Repository.Corpus;

    [Fact]
    public void The_event_of_8_November_2024_is_called_within_two_minutes_as_one_incident()
    {
        var (series, events) = Open("g_chatgpt");
        var sharp = events.Single(e => e.Kind == "sharp");

        var said = SeriesReplay.Run(series, Detectors.Default).Where(d => Overlaps(series, d, sharp)).ToList();
        var incident = Assert.Single(said);
        Assert.InRange(incident.Start - series.Start - sharp.Start, 1, 2);
        Assert.InRange(incident.End!.Value - series.Start - sharp.End, -5, 15);
    }

    [Theory]
    [InlineData("g00_work")]
    [InlineData("g12_work")]
    [InlineData("g25_consumer")]
    [InlineData("g_multi0__eu")]
    public void Labelled_outages_of_small_and_large_services_are_found_and_nothing_else_is(string id)
    {
        var (series, events) = Open(id);

        var said = SeriesReplay.Run(series, Detectors.Default).Where(d => d.Start - series.Start >= 20160).ToList();
        foreach (var outage in events)
            Assert.Contains(said, d => Overlaps(series, d, outage));
        foreach (var incident in said)
            Assert.Contains(events, e => Overlaps(series, incident, e with { End = e.End + 30 }));
    }

    [Fact]
    public void The_future_is_not_seen()
    {
        var (series, _) = Open("g12_work");
        var whole = SeriesReplay.Run(series, Detectors.Default);
        var length = series.Length - 6_000;
        var cut = series with { Length = length, Read = () => series.Read()[..length] };

        var before = whole.Where(d => d.End is { } end && end - series.Start < cut.Length).ToList();
        Assert.NotEmpty(before);
        Assert.Equal(before, SeriesReplay.Run(cut, Detectors.Default).Take(before.Count));
    }

    [Theory]
    [InlineData("t,count,distinct,late\n0,1,1,0\n1,one,1,0\n", "bad.csv.gz, line 3: expected")]
    [InlineData("t,count,distinct,late\n0,1,1,0\n9,1,1,0\n", "bad.csv.gz, line 3: expected")]
    [InlineData(null, "bad.csv.gz' can't be read")]
    public async Task A_broken_file_is_named_with_its_line(string? rows, string said)
    {
        var folder = Directory.CreateTempSubdirectory("corpus-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "labels.json"),
                """{"start_utc":"2024-10-14T00:00:00Z","series":{"bad":{"tz":"Europe/Rome","minutes":5,"file":"bad.csv.gz"}}}""");
            await using (var writer = new StreamWriter(Compressed(Path.Combine(folder, "bad.csv.gz"), isDamaged: rows is null)))
                await writer.WriteAsync(rows ?? "t,count");

            var error = await Assert.ThrowsAsync<ReplayException>(
                () => DetectCommand.DetectAsync(folder, Path.Combine(folder, "out.jsonl"), Detectors.Default, CancellationToken.None));
            Assert.Contains(said, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static Stream Compressed(string path, bool isDamaged) => isDamaged
            ? File.Create(path)
            : new System.IO.Compression.GZipStream(File.Create(path), System.IO.Compression.CompressionLevel.Fastest);
    }

    [Fact]
    public void The_rows_of_the_benchmark_are_read_whole()
    {
        var apple = NabSeries.Open(s_corpus)!.First();

        var counts = apple.Read();
        // One observation in five minutes, in the last of them.
        Assert.Equal(15_902, counts.Count(c => c is not null));
        Assert.Equal([null, null, null, null, 104], counts.Take(5).Select(c => c?.Reporters));
    }

    [Theory]
    [InlineData("ears-c2")]
    [InlineData("robust-z")]
    public void A_yardstick_lives_with_series_that_are_mostly_gaps(string detector)
    {
        var apple = NabSeries.Open(s_corpus)!.First();

        var said = SeriesReplay.Run(apple, detector);

        // A count every five minutes: it must neither be mute nor take each for five times the usual.
        Assert.InRange(said.Count, 10, 400);
    }

    private static bool Overlaps(RecordedSeries series, Detection said, LabelledOutage label) =>
        said.Start - series.Start < label.End && (said.End is null || said.End.Value - series.Start > label.Start);

    private static (RecordedSeries Series, IReadOnlyList<LabelledOutage> Outages) Open(string id) => (
        LabelledSeries.Open(s_corpus).Single(s => s.Id == id),
        Labels.Read(s_corpus).Series.Single(s => s.Id == id).Outages);
}
