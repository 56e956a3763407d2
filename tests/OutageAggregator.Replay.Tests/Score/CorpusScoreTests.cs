using System.Text.Json;
using OutageAggregator.Replay.Score;

namespace OutageAggregator.Replay.Tests.Score;

/// <summary>The score agrees with the scorer that came with the corpus, figure for figure and outage for outage.</summary>
public sealed class CorpusScoreTests
{
    private static readonly Labels s_labels = Labels.Read(Repository.Corpus);

    [Fact]
    public void Every_figure_is_that_of_the_scorer_of_the_corpus()
    {
        var score = CorpusScore.Of(s_labels, SaidIncidents.Read(Repository.Score("messy.jsonl"), s_labels));
        using var ours = JsonDocument.Parse(ScoreText.Json(score));
        using var theirs = JsonDocument.Parse(File.ReadAllText(Repository.Score("messy.expected.json")));

        // It says nothing of what does not apply; ours says null or false.
        Assert.True(theirs.RootElement.EnumerateObject().Count() > 20);
        AssertSame("", theirs.RootElement, ours.RootElement);
    }

    [Fact]
    public void Saying_the_truth_is_perfect()
    {
        var truth = s_labels.Series.SelectMany(s => s.Outages.Select(o => (s.Id, new SaidIncident(o.Start, o.End)))).ToLookup(t => t.Id, t => t.Item2, StringComparer.Ordinal);
        var score = CorpusScore.Of(s_labels, truth);

        Assert.Equal((1.0, 1.0, 0.0, 0.0, 0), (score.Recall, score.Precision, score.DelayP95!.Value, score.EndDelayP95!.Value, score.Flaps));
        Assert.All(score.ByDecoy, d => Assert.Equal(0, d.Raised));
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 1)]
    public void What_is_said_exactly_at_the_end_has_found_the_outage(int after, int found, int falsely)
    {
        var series = s_labels.Series.First(s => s.Outages.Any(o => o.IsRequired && o.Start > s.EvaluatedFrom));
        var outage = series.Outages.First(o => o.IsRequired && o.Start > series.EvaluatedFrom);
        var score = SeriesScore.Of(series, [new SaidIncident(outage.End + after, outage.End + after + 10)]);

        Assert.Equal((found, falsely), (score.Outages.Count(o => o.Delay is not null), score.False.Length));
    }

    [Fact]
    public void Saying_nothing_finds_nothing()
    {
        var score = CorpusScore.Of(s_labels, Array.Empty<string>().ToLookup(s => s, _ => default(SaidIncident), StringComparer.Ordinal));

        Assert.Equal((0.0, 0.0, 0.0, 123), (score.Recall, score.Precision, score.F1, score.Missed));
        Assert.Null(score.DelayMedian);
    }

    [Theory]
    [InlineData("""{"series": "nobody", "start": 1, "end": 2}""", "line 1: the corpus has no series 'nobody'")]
    [InlineData("""{"series": "g00_work", "end": 2}""", "line 1: expected")]
    [InlineData("""{"series": "g00_work", "start": "soon"}""", "line 1: expected")]
    [InlineData("g00_work 1 2", "line 1: expected")]
    public void A_line_that_is_no_detection_is_named(string line, string said)
    {
        using var file = new TemporaryFile(line);

        Assert.Contains(said, Assert.Throws<ReplayException>(() => SaidIncidents.Read(file.Path, s_labels)).Message, StringComparison.Ordinal);
    }

    private static void AssertSame(string path, JsonElement theirs, JsonElement ours)
    {
        switch (theirs.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in theirs.EnumerateObject())
                {
                    Assert.True(ours.TryGetProperty(property.Name, out var value), $"{path}/{property.Name} is missing.");
                    AssertSame($"{path}/{property.Name}", property.Value, value);
                }
                break;
            case JsonValueKind.Array:
                Assert.Equal(theirs.GetArrayLength(), ours.GetArrayLength());
                for (var i = 0; i < theirs.GetArrayLength(); i++)
                    AssertSame($"{path}[{i}]", theirs[i], ours[i]);
                break;
            case JsonValueKind.Number:
                Assert.True(Math.Abs(theirs.GetDouble() - ours.GetDouble()) < 1e-9, $"{path}: {ours} instead of {theirs}.");
                break;
            default:
                Assert.True(theirs.ToString() == ours.ToString(), $"{path}: {ours} instead of {theirs}.");
                break;
        }
    }
}
