namespace OutageAggregator.Core.Tests.Incidents;

public sealed class WilsonIntervalTests
{
    /// <summary>R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void It_is_what_was_published(int successes, int trials, double lower, double upper)
    {
        var interval = WilsonInterval.Of(successes, trials);

        Assert.Equal(lower, interval.Lower, 4);
        Assert.Equal(upper, interval.Upper, 4);
    }

    [Fact]
    public void None_and_all_touch_the_ends_exactly_and_claim_no_certainty()
    {
        for (var trials = 1; trials <= 200; trials++)
        {
            var none = WilsonInterval.Of(0, trials);
            var all = WilsonInterval.Of(trials, trials);
            Assert.Equal(0, none.Lower);
            Assert.InRange(none.Upper, 0.001, 0.999);
            Assert.Equal(1, all.Upper);
            Assert.Equal(1 - none.Upper, all.Lower, 12);
        }
    }

    [Fact]
    public void It_holds_the_share_narrows_with_trials_and_mirrors()
    {
        for (var successes = 0; successes <= 20; successes++)
        {
            var (few, many) = (WilsonInterval.Of(successes, 20), WilsonInterval.Of(successes * 50, 1_000));
            Assert.InRange(successes / 20.0, few.Lower, few.Upper);
            Assert.True(many.Upper - many.Lower < few.Upper - few.Lower);
            var mirrored = WilsonInterval.Of(20 - successes, 20);
            Assert.Equal(few.Lower, 1 - mirrored.Upper, 12);
            Assert.True(WilsonInterval.Of(successes, 20, 0.99).Upper >= few.Upper);
        }
    }

    [Theory]
    [InlineData(0, 0, 0.95)]
    [InlineData(-1, 5, 0.95)]
    [InlineData(6, 5, 0.95)]
    [InlineData(1, 5, 0)]
    [InlineData(1, 5, 1)]
    [InlineData(1, 5, double.NaN)]
    public void What_is_no_share_is_refused(int successes, int trials, double level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(successes, trials, level));
}
