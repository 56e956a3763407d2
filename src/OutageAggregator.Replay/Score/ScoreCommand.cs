using System.CommandLine;
using System.Globalization;
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
            Description = "What 'detect' wrote, or any file of the same form; left out, the detectors are run", Arity = ArgumentArity.ZeroOrOne,
        };
        var detectors = new Option<string[]>("--detector") { Description = "Detectors to run", DefaultValueFactory = _ => [.. Detectors.Names], AllowMultipleArgumentsPerToken = true };
        _ = detectors.AcceptOnlyFromAmong([.. Detectors.Names]);
        var json = new Option<bool>("--json") { Description = "All figures as JSON, outage by outage; the labelled series only" };
        var command = new Command("score", "Score detections against the labels, event by event: recall, precision, delays, flaps, decoys") { folder, detections, detectors, json };
        command.SetAction((line, cancellation) => RunAsync(
            line.GetRequiredValue(folder), line.GetValue(detections), line.GetRequiredValue(detectors), line.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string folder, string? detections, string[] detectors, bool isJson, CancellationToken cancellation)
    {
        try
        {
            var labels = Labels.Read(folder);
            if (detections is not null)
            {
                Tell([(Path.GetFileName(detections), CorpusScore.Of(labels, SaidIncidents.Read(detections, labels)))], isJson);
                return 0;
            }
            using var work = new TemporaryFolder();
            var scores = new List<(string, CorpusScore)>();
            foreach (var detector in detectors)
            {
                var output = Path.Combine(work.Path, detector + ".jsonl");
                _ = await DetectCommand.DetectAsync(folder, output, detector, cancellation);
                scores.Add((detector, CorpusScore.Of(labels, SaidIncidents.Read(output, labels))));
            }
            Tell(scores, isJson);
            if (!isJson)
                TellNab(folder, detectors, work.Path);
            return 0;
        }
        catch (Exception e) when (e is CorpusException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static void Tell(List<(string Name, CorpusScore Score)> scores, bool isJson)
    {
        if (isJson)
        {
            foreach (var (_, score) in scores)
                Console.WriteLine(ScoreText.Json(score));
            return;
        }
        Console.WriteLine(ScoreText.Header);
        foreach (var (name, score) in scores)
            Console.WriteLine(ScoreText.Row(name, score));
        foreach (var (name, score) in scores)
            Console.WriteLine($"\n{name}\n\n{ScoreText.Details(score)}");
    }

    private static void TellNab(string folder, string[] detectors, string work)
    {
        var path = Path.Combine(folder, "nab_realTweets");
        if (!Directory.Exists(path))
            return;
        var files = NabScore.ReadFiles(path);
        Console.WriteLine("| NAB realTweets | profile | score | windows found | false rows |\n|---|---|---|---|---|");
        foreach (var detector in detectors)
        {
            var said = NabScore.ReadSaid(Path.Combine(work, detector + ".nab.jsonl"), files);
            foreach (var score in NabProfile.All.Select(p => NabScore.Of(files, said, p)))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {detector} | {score.Profile} | {score.Score:F1} | {score.Found} of {score.Windows} | {score.False} |"));
        }
    }

    /// <summary>A folder for what the run writes, deleted with this object.</summary>
    private sealed class TemporaryFolder : IDisposable
    {
        internal string Path { get; } = Directory.CreateTempSubdirectory("outages-score-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
