using OutageAggregator.Core.Baselines;

namespace OutageAggregator.Core.Tests.Baselines;

public sealed class ExcessTests
{
    // 340 and 689 are the 2.5 % and 97.5 % quantiles of that negative binomial, from its probabilities in 60 digits.
    [Theory]
    [InlineData(19_403, 18_903, 18_714, 19_063)]
    [InlineData(689, 189, 0, 349)]
    [InlineData(500, 0, -189, 160)]
    [InlineData(0, -500, -689, -340)]
    public void It_is_what_was_observed_less_the_usual_and_less_its_quantiles(long observed, long reporters, long low, long high) =>
        Assert.Equal(new Excess(reporters, low, high, 500), Excess.Of(observed, new Expectation(500, 0.03)));

    [Fact]
    public void Where_hardly_anybody_reports_all_of_them_are_excess() =>
        Assert.Equal(new Excess(5, 5, 5, 0.01), Excess.Of(5, new Expectation(0.01, 0.2)));

    [Fact]
    public void It_lies_within_its_interval_whatever_is_usual()
    {
        for (var mean = 0.001; mean < 1e6; mean *= 1.7)
        {
            foreach (var dispersion in new[] { 0, 0.03, 0.3, 1.3 })
            {
                var excess = Excess.Of(40, new Expectation(mean, dispersion));
                Assert.InRange(excess.Reports, excess.Low, excess.High);
            }
        }
    }
}
