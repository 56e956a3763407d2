using System.CommandLine;
using OutageAggregator.Core.Detection;
using OutageAggregator.Replay.Detect;

namespace OutageAggregator.Replay.Score;

/// <summary><c>score FOLDER [DETECTIONS]</c>: measures what a detector said, or runs the detectors and measures each.</summary>
internal static class ScoreCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Folder with labels.json, series/ and perhaps nab_realTweets/" };
        var detections = new Argument<string?>("detections")
        {
            Description = "What 'detect' wrote, or any file of the same form; left out, the detectors are run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var detectors = new Option<string[]>("--detector") { Description = "Detectors to run", DefaultValueFactory = _ => [.. Detectors.Names], AllowMultipleArgumentsPerToken = true };
        _ = detectors.AcceptOnlyFromAmong([.. Detectors.Names]);
        var into = new Option<string?>("--into") { Description = "Markdown file whose part between the lines '<!-- score:begin -->' and '<!-- score:end -->' is replaced; a plot of the calibration is written beside it" };
        var json = new Option<bool>("--json") { Description = "All figures as JSON, outage by outage; the labelled series only" };
        var command = new Command("score", "Score detections against the labels, event by event: recall, precision, delays, flaps, decoys") { folder, detections, detectors, into, json };
        command.SetAction((line, cancellation) => RunAsync(
            line.GetRequiredValue(folder), line.GetValue(detections), line.GetRequiredValue(detectors), line.GetValue(into), line.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string folder, string? detections, string[] detectors, string? into, bool isJson, CancellationToken cancellation)
    {
        try
        {
            var labels = Labels.Read(folder);
            var scores = detections is null
                ? await RunAsync(folder, labels, detectors, cancellation)
                : [new Scored(Path.GetFileName(detections), CorpusScore.Of(labels, SaidIncidents.Read(detections, labels)), [])];
            if (isJson)
            {
                foreach (var scored in scores)
                    Console.WriteLine(ScoreText.Json(scored.Score));
                return 0;
            }
            var text = ScoreText.Markdown(scores);
            if (into is null)
            {
                Console.WriteLine(text);
                return 0;
            }
            var curves = await Calibration.OfAsync(folder, labels, cancellation);
            await ScoredDocument.WriteAsync(into, text, curves, cancellation);
            Console.WriteLine($"{into} tells the score of {string.Join(", ", detectors)} now.");
            return 0;
        }
        catch (Exception e) when (e is CorpusException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<List<Scored>> RunAsync(string folder, Labels labels, string[] detectors, CancellationToken cancellation)
    {
        using var work = new TemporaryFolder();
        var nab = Path.Combine(folder, "nab_realTweets") is var path && Directory.Exists(path) ? NabScore.ReadFiles(path) : [];
        var scores = new List<Scored>();
        foreach (var detector in detectors)
        {
            var output = Path.Combine(work.Path, detector + ".jsonl");
            _ = await DetectCommand.DetectAsync(folder, output, detector, cancellation);
            var said = nab.Count > 0 ? NabScore.ReadSaid(Path.Combine(work.Path, detector + ".nab.jsonl"), nab) : null;
            scores.Add(new Scored(
                detector,
                CorpusScore.Of(labels, SaidIncidents.Read(output, labels)),
                said is null ? [] : [.. NabProfile.All.Select(p => NabScore.Of(nab, said, p))]));
        }
        return scores;
    }

    /// <summary>A folder for what the run writes, deleted with this object.</summary>
    private sealed class TemporaryFolder : IDisposable
    {
        internal string Path { get; } = Directory.CreateTempSubdirectory("outages-score-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
