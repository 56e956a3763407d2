namespace OutageAggregator.Replay.Explain;

/// <summary>What was said when an incident opened, beside what the stored minutes say now.</summary>
internal static class Explanation
{
    // A running watch remembers its noise and its level longer than a restored one.
    private const double Near = 0.05;

    /// <summary>Whether the stored minutes bring the incident about again: the same count, and about the same expectation.</summary>
    internal static bool Agrees(Incident said, Incident? again) =>
        again is not null && again.Evidence.Region == said.Evidence.Region && again.Evidence.Observed == said.Evidence.Observed
        && Math.Abs(again.Evidence.Expected - said.Evidence.Expected) <= Near * said.Evidence.Expected;

    internal static string Of(Incident said, Incident? again)
    {
        var text = new StringBuilder();
        Line($"{said.Id}: opened at {said.DetectedAt:yyyy-MM-ddTHH:mm:ssZ}, onset {said.StartedAt}");
        if (again is null)
        {
            Line("The stored minutes do not open it at that minute any more: "
                + "counts were pruned or taken back since, or another detector judges.");
        }
        Line($"{"",-18} {"said then",20} {(again is null ? "" : "from the minutes"),20}");
        Row("detector", e => e.Detector);
        Row("rule", e => e.Rule);
        Row("region", e => $"{e.Region}");
        Row("window, minutes", e => $"{e.WindowMinutes}");
        Row("observed", e => $"{e.Observed}");
        Row("expected", e => $"{e.Expected:0.###}");
        Row("upper bound", e => $"{e.Upper}");
        Row("log10 of chance", e => $"{e.Log10PValue:0.##}");
        Row("reporters, least", e => $"{e.Reporters}, {e.MinimumReporters}");
        if (again is not null)
        {
            Line($"{"onset",-18} {said.StartedAt,20} {again.StartedAt,20}");
            Line($"The stored minutes come to {(Agrees(said, again) ? "the same verdict." : "another verdict: see above.")}");
        }
        return text.ToString();

        void Row(string name, Func<Evidence, string> value) =>
            Line($"{name,-18} {value(said.Evidence),20} {(again is null ? "" : value(again.Evidence)),20}");
        void Line(string line) => text.Append(line.TrimEnd()).Append('\n');
    }
}
