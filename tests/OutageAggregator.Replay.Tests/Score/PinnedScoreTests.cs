using OutageAggregator.Core.Detection;
using OutageAggregator.Replay.Detect;
using OutageAggregator.Replay.Score;

namespace OutageAggregator.Replay.Tests.Score;

/// <summary>
/// What the detector reaches on the labelled series and on NAB's realTweets, within a margin of one outage or two: a change that loses accuracy fails here, and one
/// that gains it should tighten the bounds. Never widen them to get by.
/// </summary>
public sealed class PinnedScoreTests
{
    private static readonly Labels s_labels = Labels.Read(Repository.Corpus);

    [Fact]
    public async Task The_default_detector_is_as_good_as_it_was()
    {
        using var said = new TemporaryFile("");
        _ = await DetectCommand.DetectAsync(Repository.Corpus, said.Path, Detectors.Default, CancellationToken.None);
        var score = CorpusScore.Of(s_labels, SaidIncidents.Read(said.Path, s_labels));

        Assert.InRange(score.F1, 0.97, 1);
        Assert.InRange(score.Precision, 0.975, 1);
        Assert.InRange(score.Recall, 0.955, 1);
        Assert.InRange(Assert.NotNull(score.DelayMedian), 0, 3);
        Assert.InRange(Assert.NotNull(score.DelayP95), 0, 42);
        Assert.InRange(score.FalsePerWeek, 0, 0.03);
        Assert.InRange(score.Flaps, 0, 6);
        Assert.Equal((0, 0), (score.Masked, score.Unclosed));
        Assert.InRange(Assert.NotNull(score.EndDelayMedian), 0, 16);
        Assert.InRange(score.ByDecoy.Sum(d => d.Raised), 0, 1);
        Assert.All(score.ByKind, kind => Assert.InRange(kind.Recall, 0.88, 1));

        var files = NabScore.ReadFiles(Path.Combine(Repository.Corpus, "nab_realTweets"));
        var beside = Path.ChangeExtension(said.Path, ".nab" + Path.GetExtension(said.Path));
        var nab = NabScore.Of(files, NabScore.ReadSaid(beside, files), NabProfile.All.Single(p => p.Name == "standard"));
        File.Delete(beside);
        Assert.InRange(nab.Score, 76, 100);
        Assert.InRange(nab.Found, 16, nab.Windows);
    }

    [Fact]
    public async Task What_the_detector_calls_rare_is_rare()
    {
        var curves = await Calibration.OfAsync(Repository.Corpus, s_labels, CancellationToken.None);

        Assert.Equal([5, 15, 60], curves.Select(c => c.WindowMinutes));
        foreach (var curve in curves)
        {
            Assert.InRange(curve.Looks, 500_000, 1_000_000);
            // The tails of real noise are heavier than those of any model fitted to its middle: right to one in a thousand, within a
            // factor of ten at one in ten thousand. A model that is too wide would hide behind small frequencies.
            foreach (var point in curve.Points.Where(p => p.Log10P >= -4))
                Assert.InRange(point.Frequency / Math.Pow(10, point.Log10P), 0.3, point.Log10P >= -3 ? 2 : 10);
        }
    }
}
