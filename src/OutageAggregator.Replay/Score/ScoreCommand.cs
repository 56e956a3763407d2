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
        return new Command("score", "Score detections against the labels, event by event: recall, precision, delays, flaps, decoys") { folder, detections, detectors, into, json }
            .Does(failure: 1, async (line, cancellation) =>
            {
                var labels = Labels.Read(line.GetRequiredValue(folder));
                var scores = line.GetValue(detections) is { } file
                    ? [new Scored(Path.GetFileName(file), CorpusScore.Of(labels, SaidIncidents.Read(file, labels)), [])]
                    : await RunAsync(line.GetRequiredValue(folder), labels, line.GetRequiredValue(detectors), cancellation);
                if (line.GetValue(json))
                {
                    foreach (var scored in scores)
                        Console.WriteLine(ScoreText.Json(scored.Score));
                }
                else if (line.GetValue(into) is { } document)
                {
                    var curves = await Calibration.OfAsync(line.GetRequiredValue(folder), labels, cancellation);
                    await ScoredDocument.WriteAsync(document, ScoreText.Markdown(scores), curves, cancellation);
                    Console.WriteLine($"{document} tells the score of {string.Join(", ", line.GetRequiredValue(detectors))} now.");
                }
                else
                {
                    Console.WriteLine(ScoreText.Markdown(scores));
                }
                return 0;
            });
    }

    private static async Task<List<Scored>> RunAsync(string folder, Labels labels, string[] detectors, CancellationToken cancellation)
    {
        var nab = Path.Combine(folder, "nab_realTweets") is var path && Directory.Exists(path) ? NabScore.ReadFiles(path) : [];
        var scores = new List<Scored>();
        var work = Directory.CreateTempSubdirectory("outages-score-");
        try
        {
            foreach (var detector in detectors)
            {
                var output = Path.Combine(work.FullName, detector + ".jsonl");
                _ = await DetectCommand.DetectAsync(folder, output, detector, cancellation);
                var said = nab.Count > 0 ? NabScore.ReadSaid(Path.Combine(work.FullName, detector + ".nab.jsonl"), nab) : null;
                scores.Add(new Scored(
                    detector, CorpusScore.Of(labels, SaidIncidents.Read(output, labels)),
                    said is null ? [] : [.. NabProfile.All.Select(p => NabScore.Of(nab, said, p))]));
            }
            return scores;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }
}
