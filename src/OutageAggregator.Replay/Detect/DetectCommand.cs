using System.Diagnostics;

namespace OutageAggregator.Replay.Detect;

/// <summary><c>detect FOLDER --out FILE</c>: runs the product's watches over labelled series and writes what they said.</summary>
internal static class DetectCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Folder with labels.json, series/ and perhaps nab_realTweets/" };
        var output = new Option<string>("--out") { Description = "File to write, one incident a line as JSON", Required = true };
        var detector = new Option<string>("--detector") { Description = "Detector to run", DefaultValueFactory = _ => Detectors.Default };
        _ = detector.AcceptOnlyFromAmong([.. Detectors.Names]);
        return new Command("detect", "Run the detector over labelled series, minute by minute, seeing nothing of the future") { folder, output, detector }
            .Does(failure: 1, async (line, cancellation) =>
            {
                var clock = Stopwatch.StartNew();
                var said = await DetectAsync(line.GetRequiredValue(folder), line.GetRequiredValue(output), line.GetRequiredValue(detector), cancellation);
                Console.WriteLine($"{said}; {clock.Elapsed.TotalSeconds:F1} s");
                return 0;
            });
    }

    /// <summary>Runs a detector over a corpus, writes what it said, and returns one line about what was done.</summary>
    /// <exception cref="ReplayException">The corpus can't be read; the message says which file and why.</exception>
    internal static async Task<string> DetectAsync(string folder, string output, string detector, CancellationToken cancellation)
    {
        var corpus = LabelledSeries.Open(folder);
        await DetectAsync(corpus, detector, output, "Labelled series", cancellation);
        var said = $"{corpus.Count} series, {corpus.Sum(s => (long)s.Length):N0} minutes -> {output}";
        if (NabSeries.Open(folder) is not { } nab)
            return said;
        // A file of its own: scorers of the one refuse the series of the other.
        var beside = Path.ChangeExtension(output, ".nab" + Path.GetExtension(output));
        await DetectAsync(nab, detector, beside, "NAB realTweets", cancellation);
        return said + $"; NAB realTweets, {nab.Count} series -> {beside}";
    }

    private static async Task DetectAsync(
        IReadOnlyList<RecordedSeries> series, string detector, string output, string what, CancellationToken cancellation)
    {
        await using var lines = new StreamWriter(output);
        var progress = new Progress(what, series.Sum(s => (long)s.Length));
        var said = new List<Detection>[series.Count];
        // Not Parallel.For: it wraps what a series throws, and the message that names the file would be lost.
        await Parallel.ForAsync(0, series.Count, cancellation, (i, _) =>
        {
            said[i] = SeriesReplay.Run(series[i], detector);
            progress.Add(series[i].Length);
            return ValueTask.CompletedTask;
        });
        foreach (var (of, detections) in series.Zip(said))
        {
            foreach (var (start, end, severity) in detections)
            {
                var ended = end is { } over ? of.TimeOf(over) : "null";
                await lines.WriteLineAsync($$"""{"series": "{{of.Id}}", "start": {{of.TimeOf(start)}}, "end": {{ended}}, "severity": {{severity}}}""");
            }
        }
    }
}
