using System.Globalization;
using OutageAggregator.Core.Series;
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
        Assert.All(marks, m => Assert.Matches("^([0-9]{2}:[0-5][05]|[0-9]{1,2} [A-Z][a-z]{2}( [0-9]{4})?)( UTC)?$", m));
    }

    [Fact]
    public void Midnight_is_marked_by_its_date() =>
        Assert.Contains("9 Nov", Texts(Draw(Spike())));

    [Fact]
    public void Midnight_of_utc_can_be_told_as_the_readers_own_time()
    {
        var tick = Elements(Draw(Spike()), "text", "date").Single().Element(Svg + "tspan")!;

        Assert.Equal("2024-11-09T00:00Z", tick.Attribute("data-clock")!.Value);
    }

    [Fact]
    public void Marks_of_whole_days_stay_days_of_utc()
    {
        var data = Of([]) with { To = Start + (30 * Minute.PerDay), CountedTo = Start, StepMinutes = 60 };

        Assert.DoesNotContain(Elements(Draw(data), "tspan"), t => t.Attribute("data-clock") is not null);
    }
}
