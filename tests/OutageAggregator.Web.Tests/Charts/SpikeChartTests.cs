using System.Xml.Linq;
using OutageAggregator.Web.ChartNumbers;
using OutageAggregator.Web.Charts;
using static OutageAggregator.Web.Tests.Charts.ChartFixtures;

namespace OutageAggregator.Web.Tests.Charts;

public sealed class SpikeChartTests
{
    public static TheoryData<string> Shapes { get; } = ["empty", "all zero", "one point", "2,000 points", "spike", "gap", "nothing usual", "bands"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Any_shape_is_well_formed_of_one_height_and_free_of_styles_and_wild_numbers(string shape)
    {
        var svg = Draw(Shape(shape));

        Assert.Equal(SpikeChart.Height.ToString(CultureInfo.InvariantCulture), svg.Attribute("height")!.Value);
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.DoesNotContain(svg.DescendantsAndSelf().SelectMany(e => e.Attributes()), a => a.Name.LocalName is "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(Numbers(svg), n => Assert.InRange(n, -10, 10_000));
        var ids = svg.Attribute("aria-labelledby")!.Value.Split(' ');
        Assert.All(ids, id => Assert.NotEmpty(svg.Descendants().Single(e => (string?)e.Attribute("id") == id).Value));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_same_data_gives_the_same_picture(string shape) =>
        Assert.Equal(Picture(Shape(shape)), Picture(Shape(shape)));

    [Fact]
    public void Nineteen_thousand_reports_over_two_a_minute_fit_a_round_axis_and_the_peak_is_named()
    {
        var texts = Texts(Draw(Spike()));

        Assert.Contains("6,000 reports per 5 minutes", texts);
        Assert.Contains("4,000", texts);
        Assert.Contains("Peak 5,200 at 00:10", texts);
        Assert.Contains("Incident", texts);
    }

    [Theory]
    [InlineData("spike")]
    [InlineData("bands")]
    [InlineData("gap")]
    [InlineData("2,000 points")]
    public void No_band_and_no_strip_runs_through_the_row_of_the_peaks_note(string shape)
    {
        var data = Shape(shape);
        // Thin as an incident on the chart of a day.
        data = data with { Bands = [.. data.Bands, new ChartBand(null, data.From + 1, data.From + 2)] };
        var svg = Draw(data);
        var bottom = Elements(Draw(Spike()), "text", "peak").Select(t => double.Parse(t.Attribute("y")!.Value, CultureInfo.InvariantCulture)).Single();
        // A line of 12 pixels in any common font.
        var top = bottom - 20;

        Assert.NotEmpty(Elements(svg, "rect", "band"));
        Assert.All(Elements(svg, "rect", "band"), b => Assert.True(double.Parse(b.Attribute("y")!.Value, CultureInfo.InvariantCulture) >= bottom));
        Assert.All(Elements(svg, "line", "strip"), l => Assert.True(double.Parse(l.Attribute("y1")!.Value, CultureInfo.InvariantCulture) + 2 <= top));
    }

    [Fact]
    public void What_chance_explains_and_what_it_does_not_are_different_shapes_that_meet_at_the_bound()
    {
        var svg = Draw(Of([4, 20], expected: 2, upper: 10));

        // The axis ends at 20: 180 pixels from y 246 up to y 66, so the bound of 10 lies at y 156.
        Assert.Equal("M0.14 246V210H0.86V246zM1.14 246V156H1.86V246z", Path(svg, "told"));
        Assert.Equal("M1.14 156V66H1.86V156z", Path(svg, "excess"));
    }

    [Fact]
    public void A_quiet_days_highest_bar_is_not_called_a_peak() =>
        Assert.DoesNotContain(Texts(Draw(Of([1, 0, 3, 2]))), t => t.StartsWith("Peak", StringComparison.Ordinal));

    [Fact]
    public void Late_reports_have_a_lane_of_their_own_and_do_not_raise_the_bars()
    {
        var data = Of([2, 2, 2]);
        var late = data with { Points = [.. data.Points.Select(p => p with { Late = 4_000 })] };

        var svg = Draw(late);

        Assert.Equal(Path(Draw(data), "told"), Path(svg, "told"));
        Assert.NotEmpty(Path(svg, "late"));
        Assert.Contains("Told late: 12,000 in all, most 4,000", Texts(svg));
    }

    [Fact]
    public void A_gap_is_hatched_where_it_was()
    {
        var data = Of(new int[100]) with { Gaps = [new MinuteRange(Start + 100, Start + 200)] };

        var gap = Elements(Draw(data), "rect", "gap").Single();

        Assert.Equal("20%", gap.Attribute("x")!.Value);
        Assert.Equal("20%", gap.Attribute("width")!.Value);
        Assert.Equal("url(#c-gap)", gap.Attribute("fill")!.Value);
    }

    [Fact]
    public void The_step_that_is_still_counting_is_an_outline()
    {
        var data = Of([3, 3, 3]);

        var svg = Draw(data with { CountedTo = data.To - 1 });

        Assert.Equal(2, Path(svg, "told").Count(c => c == 'M'));
        Assert.Equal(1, Path(svg, "pending").Count(c => c == 'M'));
    }

    [Fact]
    public void A_band_that_lasts_ends_where_counting_is()
    {
        var data = Of(new int[100]) with { CountedTo = Start + 400, Bands = [new ChartBand(null, Start + 300, null)] };

        var band = Elements(Draw(data), "rect", "band").Single();

        Assert.Equal("60%", band.Attribute("x")!.Value);
        Assert.Equal("20%", band.Attribute("width")!.Value);
    }

    [Fact]
    public void Each_kind_of_band_has_a_class_of_its_own_for_its_pattern()
    {
        var data = Shape("bands");

        var strips = Elements(Draw(data), "line", "strip").Select(s => s.Attribute("class")!.Value).ToList();

        Assert.Equal(["strip strip-onset", "strip strip-peak", "strip strip-recovery", "strip strip-recurrence"], strips);
    }

    [Fact]
    public void A_band_goes_without_its_label_where_the_chart_has_no_room_for_it()
    {
        var svg = Draw(Shape("bands"));

        // Two minutes of 60 are too few for "Onset" on any chart. "Recurrence" takes up to 86 pixels and has the last quarter for itself.
        Assert.Equal(["Peak", "Recovery", "Recurrence"], Elements(svg, "text", "band-label").Select(t => t.Value));
        Assert.Equal(["band-label", "band-label", "band-label need-480"], Classes(svg, "band-label"));
    }

    [Theory]
    [InlineData(0, "start")]
    [InlineData(90, "start")]
    [InlineData(144, "middle")]
    [InlineData(200, "end")]
    [InlineData(287, "end")]
    public void The_peaks_note_stands_on_the_side_where_there_is_room_on_the_narrowest_chart(int step, string anchor)
    {
        var counts = new int[288];
        counts[step] = 123_456;

        var note = Elements(Draw(Of(counts)), "text", "peak").Single();

        Assert.Equal(anchor, note.Attribute("text-anchor")!.Value);
        Assert.Equal("peak", note.Attribute("class")!.Value);
    }

    [Fact]
    public void Names_are_escaped_and_forbidden_characters_replaced()
    {
        var picture = Picture(Of([1]), "<script>alert('x')</script> & \"co\" \u0001\uD83D\uDE00\uD800");

        var title = XDocument.Parse(picture).Root!.Element(Svg + "title")!.Value;

        Assert.Equal("<script>alert('x')</script> & \"co\" \uFFFD\uD83D\uDE00\uFFFD", title);
        Assert.DoesNotContain("<script", picture, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_anything_usual_no_range_is_drawn_and_the_bars_are_plain()
    {
        var svg = Draw(Shape("nothing usual"));

        Assert.Empty(Path(svg, "usual"));
        Assert.Empty(Path(svg, "expected"));
        Assert.Empty(Path(svg, "excess"));
        Assert.NotEmpty(Path(svg, "told"));
    }

    [Fact]
    public void Two_thousand_points_stay_under_two_hundred_kilobytes() =>
        Assert.InRange(Picture(Shape("2,000 points")).Length, 1, 200_000);

    [Fact]
    public void An_axis_that_ends_before_it_starts_is_refused() =>
        Assert.Throws<ArgumentException>(() => Picture(Of([1]) with { To = Start }));

    private static ChartData Shape(string shape) => shape switch
    {
        "empty" => Of([]),
        "all zero" => Of(new int[288]),
        "one point" => Of([7]),
        "2,000 points" => Of([.. Enumerable.Range(0, 2_000).Select(i => i * 7919 % 61)], step: 1),
        "spike" => Spike(),
        "gap" => Of(new int[288]) with { Gaps = [new MinuteRange(Start - 50, Start + 30), new MinuteRange(Start + 1_400, Start + 2_000)] },
        "nothing usual" => Of([1, 5, 2], expected: double.NaN, upper: 0),
        "bands" => Of(new int[60], step: 1) with
        {
            Bands =
            [
                new ChartBand(PhaseKind.Onset, Start + 10, Start + 12),
                new ChartBand(PhaseKind.Peak, Start + 12, Start + 30),
                new ChartBand(PhaseKind.Recovery, Start + 30, Start + 45),
                new ChartBand(PhaseKind.Recurrence, Start + 50, null),
            ],
        },
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "No such shape."),
    };
}
