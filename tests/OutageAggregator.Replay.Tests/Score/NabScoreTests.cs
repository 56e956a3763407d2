using OutageAggregator.Replay.Score;

namespace OutageAggregator.Replay.Tests.Score;

public sealed class NabScoreTests
{
    private static readonly IReadOnlyList<NabFile> s_files = NabScore.ReadFiles(Path.Combine(Repository.Corpus, "nab_realTweets"));

    // What a program of its own says of the same detections; it agrees with the benchmark's published scores of single files.
    [Theory]
    [InlineData("standard", 43.76)]
    [InlineData("reward_low_FP_rate", 26.88)]
    [InlineData("reward_low_FN_rate", 50.74)]
    public void The_score_is_that_of_the_benchmark(string profile, double expected)
    {
        var said = NabScore.ReadSaid(Repository.Score("messy.nab.jsonl"), s_files);
        var score = NabScore.Of(s_files, said, NabProfile.All.Single(p => p.Name == profile));

        Assert.Equal((17, 11, 61), (score.Windows, score.Found, score.False));
        Assert.Equal(expected, score.Score, 2);
    }

    [Fact]
    public void The_first_row_of_each_window_is_worth_100_and_silence_0()
    {
        var first = s_files.SelectMany(f => f.Windows.Select(w => (f.Name, w.First))).ToLookup(f => f.Name, f => f.First, StringComparer.Ordinal);
        var none = s_files.Take(0).ToLookup(f => f.Name, _ => 0, StringComparer.Ordinal);

        Assert.Equal(100, NabScore.Of(s_files, first, NabProfile.All[0]).Score, 1);
        Assert.Equal(0, NabScore.Of(s_files, none, NabProfile.All[0]).Score, 9);
    }
}
