using OutageAggregator.Core.Baselines;

namespace OutageAggregator.Core.Tests.Detection;

/// <summary>
/// Expected values: sums of the probabilities in decimal arithmetic of 60 digits (mpmath: the first term by <c>loggamma</c>, the others by
/// the ratio of neighbours, until one is below 1e-40 of the sum). They lie on both sides of 1e-150, where the method changes.
/// </summary>
public sealed class CountTailTests
{
    [Theory]
    [InlineData(1, 0.05, 0.2, -1.313951118835)]
    [InlineData(10, 2.5, 0.2, -2.393667965567)]
    [InlineData(40, 2.5, 0.2, -14.635049828419)]
    [InlineData(100, 20, 0.05, -14.042335705127)]
    [InlineData(60, 0.3, 1.5, -31.161776105725)]
    [InlineData(3000, 2000, 0.01, -5.040688790038)]
    [InlineData(750, 2.5, 0.1, -504.756654032613)]
    [InlineData(2000, 7.5, 0.15, -538.146527282176)]
    [InlineData(19403, 75, 0.05, -1940.424335606190)]
    [InlineData(5, 0.5, 0.3, -3.064899016757043)]
    [InlineData(250, 20, 0.05, -52.14547832609339)]
    [InlineData(330, 3, 0.25, -115.373238790742)]
    [InlineData(400, 0.01, 1.4, -744.8116515924208)]
    [InlineData(520, 2, 0.1, -386.4281555362045)]
    [InlineData(1030, 40, 0.01, -430.5158722169411)]
    [InlineData(100000, 60000, 0.001, -68.44919459685036)]
    public void Negative_binomial_tails_are_right_however_small(int count, double mean, double dispersion, double log10) =>
        Assert.Equal(log10, CountTail.Log10Upper(count, new Expectation(mean, dispersion)), Tolerance(log10));

    [Theory]
    [InlineData(1, 0.05, -1.311842119645)]
    [InlineData(10, 2.5, -3.556968549890)]
    [InlineData(30, 0.5, -41.664648971339)]
    [InlineData(2500, 2000, -26.530296969480)]
    [InlineData(300, 10, -318.814076053622)]
    [InlineData(19403, 75, -38424.203854561602)]
    [InlineData(5, 0.1, -7.11532912788936)]
    [InlineData(120, 20, -51.30935859728238)]
    [InlineData(180, 10, -153.6212419291352)]
    [InlineData(190, 10, -166.3054867568267)]
    [InlineData(310, 20, -244.6734533767976)]
    [InlineData(1000, 200, -353.3367703679933)]
    [InlineData(70000, 60000, -345.3072567026556)]
    public void Poisson_tails_are_right_however_small(int count, double mean, double log10) =>
        Assert.Equal(log10, CountTail.Log10Upper(count, new Expectation(mean, 0)), Tolerance(log10));

    [Theory]
    [InlineData(0.3, 0.2, -6)]
    [InlineData(3, 0, -4)]
    [InlineData(250, 0.08, -8)]
    public void The_upper_bound_is_the_smallest_count_beyond_which_chance_is_too_small(double mean, double dispersion, double log10P)
    {
        var expectation = new Expectation(mean, dispersion);
        var upper = expectation.Upper(log10P);
        Assert.True(CountTail.Log10Upper(upper + 1, expectation) < log10P);
        Assert.True(CountTail.Log10Upper(upper, expectation) >= log10P);
    }

    [Theory]
    [InlineData(0, 0.05, 0.2, -0.02160686891321287)]
    [InlineData(3, 20, 0.05, -3.612359947967774)]
    [InlineData(40, 60, 0.03, -1.264653395052681)]
    [InlineData(0, 0.3, 1.5, -0.1075786681566499)]
    [InlineData(1800, 2000, 0.01, -0.7820190872291747)]
    [InlineData(300, 500, 0.03, -2.265819108006747)]
    [InlineData(50000, 60000, 0.001, -7.809274260760608)]
    [InlineData(100, 2000, 0.01, -75.36195105116765)]
    [InlineData(0, 2000, 0.01, -132.2219294733919)]
    [InlineData(0, 400, 0.0005, -158.3624920952497)]
    [InlineData(700, 3000, 0.0005, -281.7618765626658)]
    [InlineData(10, 1000000, 0.01, -386.3336217432154)]
    [InlineData(0, 0.05, 0, -0.02171472409516259)]
    [InlineData(3, 10, 0, -1.985645370070648)]
    [InlineData(150, 200, 0, -3.881546679009686)]
    [InlineData(59000, 60000, 0, -4.668363410611808)]
    [InlineData(100, 500, 0, -105.1236038313366)]
    [InlineData(0, 400, 0, -173.7177927613007)]
    [InlineData(10, 500, 0, -196.7085480296655)]
    [InlineData(50000, 60000, 0, -385.8531578943164)]
    public void Lower_tails_are_right_however_small(int count, double mean, double dispersion, double log10) =>
        Assert.Equal(log10, CountTail.Log10Lower(count, new Expectation(mean, dispersion)), Tolerance(log10));

    [Fact]
    public void Nothing_is_counted_below_zero() => Assert.Equal(double.NegativeInfinity, CountTail.Log10Lower(-1, new Expectation(3, 0.1)));

    /// <summary>Expected: where the sum of the probabilities, in 60 digits, passes 0.025 and 0.975.</summary>
    [Theory]
    [InlineData(0.01, 0.2, 0, 0)]
    [InlineData(0.7, 0.5, 0, 3)]
    [InlineData(3, 0, 0, 7)]
    [InlineData(10, 0, 4, 17)]
    [InlineData(120, 0.0337, 76, 172)]
    [InlineData(250, 0.08, 128, 410)]
    [InlineData(500, 0.03, 340, 689)]
    [InlineData(20000, 0.031, 13698, 27475)]
    public void The_bounds_of_a_probability_are_the_quantiles(double mean, double dispersion, int lower, int upper)
    {
        var expectation = new Expectation(mean, dispersion);
        Assert.Equal((lower, upper), (expectation.Lower(Math.Log10(0.025)), expectation.Upper(Math.Log10(0.025))));
    }

    [Theory]
    [InlineData(0.3, 0.2, -0.1)]
    [InlineData(40, 0, -4)]
    [InlineData(3000, 0.01, -160)]
    [InlineData(90, 0.03, -0.01)]
    public void The_lower_bound_is_the_largest_count_below_which_chance_is_too_small(double mean, double dispersion, double log10P)
    {
        var expectation = new Expectation(mean, dispersion);
        var lower = expectation.Lower(log10P);
        Assert.True(CountTail.Log10Lower(lower - 1, expectation) < log10P);
        Assert.True(CountTail.Log10Lower(lower, expectation) >= log10P);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_certainty_has_no_lower_bound(double log10P) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Expectation(3, 0.1).Lower(log10P));

    [Fact]
    public void Both_tails_together_are_certain()
    {
        var random = new Random(20241109);
        for (var i = 0; i < 2_000; i++)
        {
            var expectation = new Expectation(Math.Pow(10, (random.NextDouble() * 6) - 2), random.NextDouble() * random.Next(2));
            var count = (int)(expectation.Mean * 2 * random.NextDouble());
            var sum = Math.Pow(10, CountTail.Log10Lower(count, expectation)) + Math.Pow(10, CountTail.Log10Upper(count + 1, expectation));
            Assert.Equal(1, sum, 1e-9);
        }
    }

    [Fact]
    public void A_larger_count_is_never_more_probable()
    {
        var random = new Random(20241108);
        for (var i = 0; i < 2_000; i++)
        {
            var expectation = new Expectation(Math.Pow(10, (random.NextDouble() * 6) - 3), random.NextDouble());
            var count = random.Next(0, 3_000);
            Assert.True(CountTail.Log10Upper(count + 1, expectation) <= CountTail.Log10Upper(count, expectation) + 1e-9);
        }
    }

    private static double Tolerance(double log10) => Math.Max(1e-9, Math.Abs(log10) * 1e-10);
}
