using System.Xml.Linq;
using OutageAggregator.Web.Charts;
using static OutageAggregator.Web.Tests.Charts.ChartFixtures;

namespace OutageAggregator.Web.Tests.Charts;

public sealed class SparklineTests
{
    [Fact]
    public void What_is_above_the_bound_is_a_shape_of_its_own()
    {
        var svg = XDocument.Parse(Sparkline.Render("Shape", [0, 2, 8], 4)).Root!;

        Assert.Equal("M1 31V23.25h1V31zM2 31V15.5h1V31z", Path(svg, "told"));
        Assert.Equal("M2 15.5V0h1V15.5z", Path(svg, "excess"));
    }

    [Fact]
    public void Without_reports_only_the_axis_is_drawn()
    {
        var svg = XDocument.Parse(Sparkline.Render("Nothing", [], null)).Root!;

        Assert.Empty(Elements(svg, "path"));
        Assert.Single(Elements(svg, "line", "axis"));
    }

    [Fact]
    public void Its_title_is_escaped() =>
        Assert.Equal("<b>AT&T</b>", XDocument.Parse(Sparkline.Render("<b>AT&T</b>", [1], null)).Root!.Element(Svg + "title")!.Value);
}
