namespace OutageAggregator.Replay.Score;

/// <summary>A document that tells a score: the part between two marks is written by the program, the rest by people.</summary>
internal static class ScoredDocument
{
    private const string Begin = "<!-- score:begin -->";
    private const string End = "<!-- score:end -->";
    private const string Plot = "calibration.svg";

    /// <exception cref="ReplayException">The file has no such marks.</exception>
    internal static async Task WriteAsync(string path, string score, ImmutableArray<CalibrationCurve> curves, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(path, cancellation);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new ReplayException($"{path} has no lines '{Begin}' and '{End}', between which the score is written: add them.");
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Plot), CalibrationPlot.Of(curves), cancellation);
        await File.WriteAllTextAsync(path, $"{text[..(begin + Begin.Length)]}\n\n{score}\n{Calibrated(curves)}\n{text[end..]}", cancellation);
    }

    private static string Calibrated(ImmutableArray<CalibrationCurve> curves)
    {
        var text = new StringBuilder($"![Calibration]({Plot})\n\n| chance as the detector has it |");
        foreach (var curve in curves)
            _ = text.Append($" came up in {curve.WindowMinutes} minutes ({curve.Looks:N0} looks) |");
        _ = text.Append("\n|---|").Insert(text.Length, "---|", curves.Length).Append('\n');
        for (var k = 0; k < curves[0].Points.Length; k++)
        {
            _ = text.Append($"| 1e{curves[0].Points[k].Log10P} |");
            foreach (var curve in curves)
                _ = text.Append($" {curve.Points[k].Frequency:0.0e0} |");
            _ = text.Append('\n');
        }
        return text.ToString();
    }
}
