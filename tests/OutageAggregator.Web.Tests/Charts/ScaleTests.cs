using static OutageAggregator.Web.Tests.Charts.ChartFixtures;

namespace OutageAggregator.Web.Tests.Charts;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    [InlineData(9, 10)]
    [InlineData(26, 30)]
    [InlineData(748, 800)]
    [InlineData(5_200, 6_000)]
    [InlineData(19_403, 20_000)]
    [InlineData(73_972, 80_000)]
    [InlineData(11_100_000, 15_000_000)]
    public void The_axis_of_counts_ends_at_a_round_number_just_above(int top, int end)
    {
        var labels = Elements(Draw(Of([top], upper: 0, expected: double.NaN)), "text", "count").Select(t => t.Value).ToList();

        Assert.Equal(end.ToString("N0", CultureInfo.InvariantCulture) + " reports per 5 minutes", labels[^1]);
        Assert.InRange(labels.Count, 2, 5);
    }

    [Theory]
    [InlineData(30, 1)]
    [InlineData(180, 1)]
    [InlineData(1_440, 5)]
    [InlineData(10_080, 15)]
    [InlineData(43_200, 60)]
    [InlineData(576_000, 1_440)]
    public void The_time_axis_has_two_to_ten_marks_at_round_times(int span, int step)
    {
        var data = Of([]) with { To = Start + span, CountedTo = Start + span, StepMinutes = step };

        var marks = Elements(Draw(data), "text", "time").Select(t => t.Value).ToList();

        Assert.InRange(marks.Count, 2, 10);
        Assert.All(marks, m => Assert.Matches("^([0-9]{2}:[0-5][05]|[0-9]{1,2} [A-Z][a-z]{2}( [0-9]{4})?)$", m));
    }

    [Fact]
    public void Midnight_is_marked_by_its_date() =>
        Assert.Contains("9 Nov", Texts(Draw(Spike())));

    [Theory]
    // A day from 11:00 on: midnight comes after 13 of its 24 hours, in the middle, and has room on every chart.
    [InlineData(0, "time date")]
    // From 23:50 on it comes at the very left, and the next label but one stands 12 hours away.
    [InlineData(770, "time date")]
    public void A_date_is_shown_at_every_width(int later, string code)
    {
        var data = Of([]) with { From = Start + later, To = Start + later + Minute.PerDay, CountedTo = Start + later, StepMinutes = 5 };

        Assert.Equal([code], Classes(Draw(data), "date"));
    }

    [Fact]
    public void A_time_without_room_beside_a_more_important_one_is_shown_on_wider_charts()
    {
        var labels = Elements(Draw(Spike()), "text", "time").ToDictionary(t => t.Value, t => t.Attribute("class")!.Value);

        Assert.Equal("time", labels["12:00"]);
        Assert.Equal("time", labels["18:00"]);
        Assert.Equal("time need-720", labels["15:00"]);
    }
}
