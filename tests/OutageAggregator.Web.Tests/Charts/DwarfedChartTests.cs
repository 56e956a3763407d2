using System.Xml.Linq;
using OutageAggregator.Web.ChartNumbers;
using OutageAggregator.Web.Charts;
using OutageAggregator.Web.Words;
using static OutageAggregator.Web.Tests.Charts.ChartFixtures;

namespace OutageAggregator.Web.Tests.Charts;

/// <summary>A giant spike, and the day before it.</summary>
public sealed class DwarfedChartTests
{
    // From y 246 up to y 182.
    private const double LowerPlot = 64;

    [Fact]
    public void A_giant_spike_leaves_the_day_before_readable_on_a_second_scale_and_both_are_labelled()
    {
        var svg = Draw(Spike());

        Assert.Equal(
            ["2,000", "30, enlarged; taller bars are cut off", "4,000", "6,000 reports per 5 minutes"],
            Elements(svg, "text", "count").Select(t => t.Value).Order(StringComparer.Ordinal));
        // A usual 10 of 5 minutes: a third of the lower plot, where it would be a third of a pixel on the other scale.
        var lower = Elements(svg, "path", "told").Last().Attribute("d")!.Value;
        Assert.StartsWith("M0 246V224.7", lower, StringComparison.Ordinal);
        Assert.InRange(246 - 224.7, LowerPlot / 3 - 0.1, LowerPlot / 3 + 0.1);
    }

    [Fact]
    public void Bars_that_are_taller_than_the_second_scale_are_marked_as_cut_and_no_others()
    {
        // Six steps of 5 minutes from 00:00 on, the 156th step.
        Assert.Equal("M156 189h6", Path(Draw(Spike()), "cut"));
    }

    [Fact]
    public void What_is_usual_is_drawn_once_where_it_can_be_read()
    {
        var svg = Draw(Spike());

        Assert.Equal("M0 190.5h288", Path(svg, "bound"));
        Assert.Equal("M0 224.7h288", Path(svg, "expected"));
        Assert.Single(Elements(svg, "path", "usual"));
    }

    [Theory]
    // Of a day with at most 10 in 5 minutes, 9 of which are plausible.
    [InlineData(121, 10d)]
    [InlineData(120, null)]
    [InlineData(5_200, 10d)]
    public void It_begins_where_a_peak_is_more_than_twelve_times_the_rest(int peak, double? dwarfed)
    {
        var counts = new int[288];
        Array.Fill(counts, 10);
        counts[200] = peak;

        Assert.Equal(dwarfed, Of(counts).Dwarfed);
    }

    [Theory]
    // What is usual up to 40 is not dwarfed by 400, and by 500 it is.
    [InlineData(40, 400, null)]
    [InlineData(40, 500, 40d)]
    // Two reports of 24 can be read, and the smallest scale ends at 4.
    [InlineData(2, 24, null)]
    [InlineData(2, 48, null)]
    [InlineData(2, 49, 2d)]
    public void The_rest_is_also_what_would_be_usual(int upper, int peak, double? dwarfed)
    {
        var counts = new int[288];
        (counts[3], counts[200]) = (1, peak);

        Assert.Equal(dwarfed, Of(counts, expected: 1, upper: upper).Dwarfed);
    }

    [Fact]
    public void Where_nothing_is_known_of_the_usual_the_reports_themselves_are_the_rest()
    {
        var counts = new int[288];
        (counts[3], counts[9], counts[200]) = (7, 30, 600);

        Assert.Equal(30, Of(counts, expected: double.NaN, upper: 0).Dwarfed);
    }

    [Fact]
    public void Where_the_peak_is_most_of_the_chart_one_scale_shows_it()
    {
        int[] counts = [.. Enumerable.Repeat(5_000, 30), .. Enumerable.Repeat(3, 29)];

        Assert.Null(Of(counts, step: 1).Dwarfed);
        Assert.Empty(Elements(Draw(Of(counts, step: 1)), "path", "cut"));
    }

    [Fact]
    public void A_day_without_any_other_report_has_nothing_to_enlarge()
    {
        var counts = new int[288];
        counts[100] = 9_000;

        Assert.Null(Of(counts).Dwarfed);
    }

    [Fact]
    public void The_second_scale_takes_no_room_of_anything_else()
    {
        var svg = Draw(Spike());
        var calm = Draw(Of(new int[288]));

        Assert.Equal(SpikeChart.Height.ToString(CultureInfo.InvariantCulture), svg.Attribute("height")!.Value);
        Assert.Equal(Times(calm), Times(svg));

        static IEnumerable<string> Times(XElement chart) => Elements(chart, "text", "time").Select(t => $"{t.Attribute("y")!.Value} {t.Value}");
    }

    [Theory]
    // 200 steps after midnight of UTC on 8 November 2024; a bar of a day begins at another time in another zone, and says so.
    [InlineData(Minute.PerDay, "UTC", "Peak 9,000 on 27 May")]
    [InlineData(Minute.PerDay, "Africa/Abidjan", "Peak 9,000 on 27 May")]
    [InlineData(Minute.PerDay, "Asia/Kathmandu", "Peak 9,000 on 27 May at 05:45")]
    [InlineData(Minute.PerDay, "America/New_York", "Peak 9,000 on 26 May at 20:00 UTC−4")]
    [InlineData(120, "UTC", "Peak 9,000 on 24 Nov at 16:00")]
    [InlineData(120, "America/New_York", "Peak 9,000 on 24 Nov at 11:00")]
    [InlineData(30, "Pacific/Chatham", "Peak 9,000 on 12 Nov at 17:45")]
    [InlineData(5, "Asia/Kathmandu", "Peak 9,000 at 22:25")]
    public void The_peak_of_a_chart_of_days_says_its_day(int step, string zone, string peak)
    {
        var from = Start.FloorTo(Minute.PerDay);
        var data = Of([.. Enumerable.Range(0, 360).Select(i => i == 200 ? 9_000 : 20)], step, expected: 20, upper: 40);
        var moved = data with
        {
            From = from,
            To = data.To - (Start - from),
            CountedTo = data.To - (Start - from),
            Points = [.. data.Points.Select(p => p with { Start = p.Start - (Start - from) })],
        };

        Assert.Contains(peak, Texts(Draw(moved, zone)));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(8, false)]
    public void Where_nothing_is_known_of_the_usual_a_peak_is_named_that_is_four_times_the_middle(int peak, bool isNamed)
    {
        int[] counts = [2, 3, 2, 1, peak, 2, 3];

        Assert.Equal(isNamed, Texts(Draw(Of(counts, expected: double.NaN, upper: 0))).Any(t => t.StartsWith("Peak", StringComparison.Ordinal)));
    }

    [Fact]
    public void Bars_that_touch_are_one_outline()
    {
        var counts = new int[200];
        (counts[10], counts[11], counts[12], counts[40]) = (4, 4, 2, 4);

        // On a scale up to 4: 180 pixels.
        Assert.Equal("M10 246V66h2V156h1V246h27V66h1V246H200V246z", Path(Draw(Of(counts, upper: 4, expected: double.NaN)), "told"));
    }

    [Fact]
    public void Hundreds_of_incidents_in_a_year_are_drawn_apart_and_told_in_a_few_sentences()
    {
        var data = Of(new int[396], Minute.PerDay) with
        {
            Bands = [.. Enumerable.Range(0, 500).Select(i => new ChartBand(null, Start + (i * 1_000), Start + (i * 1_000) + 30))],
        };

        var svg = Draw(data);

        Assert.InRange(Elements(svg, "rect", "band").Count(), 1, 340);
        var summary = Languages.English.Summary(data);
        Assert.Contains(" 488 earlier incidents in this time. Incident: ", summary, StringComparison.Ordinal);
        Assert.Equal(12, summary.Split("Incident: ").Length - 1);
    }
}
