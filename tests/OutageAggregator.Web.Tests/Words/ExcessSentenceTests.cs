using OutageAggregator.Core.Baselines;
using OutageAggregator.Web.Words;

namespace OutageAggregator.Web.Tests.Words;

public sealed class ExcessSentenceTests
{
    [Theory]
    [InlineData(18_903, 18_852, 18_958, 500, "About 18,900 more reports than usual (18,850 to 18,960; 500 would have been usual).")]
    [InlineData(18_903, 18_714, 19_063, 499.8, "About 18,900 more reports than usual (18,710 to 19,070; 500 would have been usual).")]
    [InlineData(1_234_567, 1_100_001, 1_300_001, 98_765, "About 1,230,000 more reports than usual (1,100,000 to 1,310,000; 98,765 would have been usual).")]
    [InlineData(37, 30, 41, 4.25, "About 37 more reports than usual (30 to 41; 4.3 would have been usual).")]
    [InlineData(5, 5, 5, 0.01, "About 5 more reports than usual (5 to 5; less than 0.1 would have been usual).")]
    [InlineData(12, -3, 20, 25, "About 12 more reports than usual (between 3 fewer and 20 more; 25 would have been usual).")]
    [InlineData(-40, -70, -15, 60, "About 40 fewer reports than usual (between 70 fewer and 15 fewer; 60 would have been usual).")]
    [InlineData(1, 1, 1, 0.01, "About 1 more report than usual (1 to 1; less than 0.1 would have been usual).")]
    [InlineData(19_390, 19_356, 19_424, 100, "About 19,390 more reports than usual (19,356 to 19,424; 100 would have been usual).")]
    [InlineData(0, -5, 4, 4, "About as many reports as usual (between 5 fewer and 4 more; 4 would have been usual).")]
    [InlineData(3, -189, 160, 500, "About as many reports as usual (between 190 fewer and 160 more; 500 would have been usual).")]
    public void No_digit_is_shown_that_nobody_knows(long reporters, long low, long high, double expected, string sentence) =>
        Assert.Equal(sentence, Languages.English.Excess(new Excess(reporters, low, high, expected)));
}
