using OutageAggregator.Core.Detection.NegativeBinomial;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Tests.Detection;

public sealed class EarlierPeaksTests
{
    private const int Known = 28;
    private static readonly Minute s_start = new(28_000_000);

    private static EarlierPeaks Daily(int days, params double[] strengths)
    {
        var peaks = new EarlierPeaks(2);
        for (var day = 0; day < days; day++)
            peaks.Note(0, s_start + (day * Minute.PerDay), strengths[day % strengths.Length]);
        return peaks;
    }

    private static Minute Day(double day) => s_start + (int)(day * Minute.PerDay);

    [Fact]
    public void A_watch_without_peaks_has_the_lowest_bar() => Assert.Equal(1, new EarlierPeaks(2).Bar(0, s_start, Known));

    [Fact]
    public void Four_peaks_cost_nothing_and_the_fifth_tells_how_often_they_come()
    {
        Assert.Equal(1, Daily(4, 3).Bar(0, Day(3.5), Known));
        // Five in the least week that is looked at: the level passed once a week is 1 + 2 ln 5.
        Assert.Equal(1 + (2 * Math.Log(5)), Daily(5, 3).Bar(0, Day(4.5), Known), 5);
    }

    [Fact]
    public void What_comes_once_a_week_or_less_raises_no_bar()
    {
        var peaks = new EarlierPeaks(1);
        for (var week = 0; week < 8; week++)
            peaks.Note(0, Day(7 * week), 5);
        Assert.InRange(peaks.Bar(0, Day(50), Known), 1, 1 + (4 * Math.Log(8.0 / 7)));
    }

    [Fact]
    public void The_bar_follows_the_mean_of_the_excesses() =>
        Assert.Equal(1 + (1.5 * Math.Log(7)), Daily(14, 2, 3).Bar(0, Day(14), Known), 5);

    [Fact]
    public void One_rule_does_not_pay_for_another() => Assert.Equal(1, Daily(14, 3).Bar(1, Day(14), Known));

    [Fact]
    public void A_stretch_leaves_one_peak_its_greatest()
    {
        var peaks = Daily(4, 3);
        for (var minute = 0; minute < 600; minute++)
            peaks.Note(0, Day(4) + minute, minute == 300 ? 6 : 2);
        Assert.Equal(1 + (((4 * 2) + 5) / 5.0 * Math.Log(5)), peaks.Bar(0, Day(4) + 600 + 240, Known), 5);
    }

    [Fact]
    public void What_goes_on_is_no_yardstick_for_itself()
    {
        var peaks = Daily(4, 3);
        peaks.Note(0, Day(4), 6);
        Assert.Equal(1, peaks.Bar(0, Day(4) + 1, Known));
    }

    [Fact]
    public void Peaks_are_forgotten_after_eight_weeks()
    {
        var peaks = Daily(14, 3);
        Assert.True(peaks.Bar(0, Day(14), Known) > 1);
        Assert.Equal(1, peaks.Bar(0, Day(14 + 56), Known));
    }

    [Fact]
    public void No_bar_is_higher_than_eight() => Assert.Equal(8, Daily(14, 40).Bar(0, Day(14), Known));

    [Fact]
    public void However_many_peaks_there_are_the_newest_ones_are_remembered()
    {
        var peaks = new EarlierPeaks(1);
        for (var i = 0; i < 200; i++)
            peaks.Note(0, s_start + (i * 241), i < 72 ? 8 : 2);
        Assert.Equal(1 + Math.Log(128.0 * 7 * Minute.PerDay / (128 * 241)), peaks.Bar(0, s_start + (200 * 241), Known), 3);
    }

    [Theory]
    [InlineData(0, 1.5)]
    [InlineData(1, 1.25)]
    [InlineData(7, 1)]
    public void A_usual_that_was_seen_on_few_days_asks_for_more(double days, double bar)
    {
        Assert.Equal(bar, new EarlierPeaks(1).Bar(0, s_start, days));
        Assert.Equal(bar, Daily(2, 3).Bar(0, Day(2), days));
    }
}
