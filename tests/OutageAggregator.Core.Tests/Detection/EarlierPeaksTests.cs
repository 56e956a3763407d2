using OutageAggregator.Core.Detection.NegativeBinomial;

namespace OutageAggregator.Core.Tests.Detection;

public sealed class EarlierPeaksTests
{
    private static readonly Minute s_start = new(28_000_080);

    private static EarlierPeaks Peaks(int count, int minutesApart, params double[] strengths)
    {
        var peaks = new EarlierPeaks(8);
        for (var i = 0; i < count; i++)
            peaks.Note(s_start + (i * minutesApart), strengths[i % strengths.Length]);
        return peaks;
    }

    private static EarlierPeaks Daily(int days, params double[] strengths) => Peaks(days, Minute.PerDay, strengths);

    private static Minute Day(double day) => s_start + (int)(day * Minute.PerDay);

    [Fact]
    public void Four_peaks_cost_nothing_and_the_fifth_tells_how_often_they_come()
    {
        Assert.Equal(1, new EarlierPeaks(8).Bar(s_start));
        Assert.Equal(1, Daily(4, 3).Bar(Day(3.5)));
        // Four more in the least week that is looked at: the level passed once a week is 1 + 2 ln 4.
        Assert.Equal(1 + (2 * Math.Log(4)), Daily(5, 3).Bar(Day(4.5)), 5);
    }

    [Fact]
    public void What_comes_once_a_week_raises_no_bar() => Assert.Equal(1, Peaks(8, 7 * Minute.PerDay, 5).Bar(Day(50)));

    [Fact]
    public void The_bar_follows_the_mean_of_the_excesses() =>
        Assert.Equal(1 + (1.5 * Math.Log(13 / 2.0)), Daily(14, 2, 3).Bar(Day(14)), 5);

    [Fact]
    public void A_stretch_leaves_one_peak_its_greatest()
    {
        var peaks = Daily(4, 3);
        for (var minute = 0; minute < 600; minute++)
            peaks.Note(Day(4) + minute, minute == 300 ? 6 : 2);
        Assert.Equal(1 + (((4 * 2) + 5) / 5.0 * Math.Log(4)), peaks.Bar(Day(4) + 600 + 240), 5);
    }

    [Fact]
    public void What_goes_on_is_no_yardstick_for_itself()
    {
        var peaks = Daily(4, 3);
        peaks.Note(Day(4), 6);
        Assert.Equal(1, peaks.Bar(Day(4) + 1));
    }

    [Fact]
    public void Peaks_are_forgotten_after_eight_weeks()
    {
        var peaks = Daily(14, 3);
        Assert.True(peaks.Bar(Day(14)) > 2);
        Assert.Equal(1, peaks.Bar(Day(14 + 56)));
    }

    [Fact]
    public void No_bar_is_higher_than_the_highest() => Assert.Equal(8, Daily(14, 40).Bar(Day(14)));

    [Fact]
    public void Of_more_peaks_than_are_remembered_the_newest_tell_the_rate()
    {
        var peaks = Peaks(200, 241, 2);
        Assert.Equal(1 + Math.Log(23 * 7.0 * Minute.PerDay / (24 * 241)), peaks.Bar(s_start + (200 * 241)), 3);
    }

    [Fact]
    public void Two_watches_with_the_same_past_ask_for_the_same_whenever_they_were_asked_before()
    {
        var (often, seldom) = (Daily(14, 2, 3), Daily(14, 2, 3));
        for (var minute = 7; minute < 300; minute += 13)
            _ = often.Bar(Day(14) + minute);
        Assert.Equal(seldom.Bar(Day(14) + 300), often.Bar(Day(14) + 300));
    }

    [Theory]
    [InlineData(0, 1.5)]
    [InlineData(1, 1.25)]
    [InlineData(7, 1)]
    public void A_usual_that_was_seen_on_few_days_asks_for_more(int days, double bar) => Assert.Equal(bar, EarlierPeaks.ColdBar(days));
}
