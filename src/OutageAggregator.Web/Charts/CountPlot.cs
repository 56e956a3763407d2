using static OutageAggregator.Web.Charts.StepPaths;

namespace OutageAggregator.Web.Charts;

/// <summary>The bars of a spike chart on one scale, against what is usual.</summary>
internal static class CountPlot
{
    /// <summary>The shaded range below the bound.</summary>
    internal static void Usual(SvgWriter svg, ChartData data, CountScale scale)
    {
        OpenStretched(svg, data, 0, scale.Bottom);
        svg.Path("usual", Area(data, _ => scale.Bottom, p => scale.Y(p.Bound), static p => p.HasExpectation, bars: false));
        svg.Add($"</svg>");
    }

    /// <summary>The bars, each cut where it begins to stand out.</summary>
    internal static void Bars(SvgWriter svg, ChartData data, CountScale scale)
    {
        OpenStretched(svg, data, 0, scale.Bottom);
        double Usual(ChartPoint point) => scale.Y(point.HasExpectation ? Math.Min(point.Reports, point.Upper) : point.Reports);
        double Told(ChartPoint point) => scale.Y(point.Reports);
        svg.Path("told", Area(data, _ => scale.Bottom, Usual, p => !data.IsPending(p)));
        svg.Path("excess", Area(data, p => scale.Y(p.Bound), Told, p => p.HasExpectation && p.Reports > p.Upper && !data.IsPending(p)));
        svg.Path("pending", Area(data, _ => scale.Bottom, Told, p => data.IsPending(p) && p.Reports > 0));
        svg.Add($"</svg>");
    }

    /// <summary>The bound and what is usual, over the bars.</summary>
    internal static void UsualLines(SvgWriter svg, ChartData data, CountScale scale)
    {
        OpenStretched(svg, data, 0, scale.Bottom);
        svg.Path("bound", Line(data, p => scale.Y(p.Bound)));
        svg.Path("expected", Line(data, p => scale.Y(p.Expected)));
        svg.Add($"</svg>");
    }

    /// <summary>Marks bars that are taller than the scale, whose ends are cut off.</summary>
    internal static void Cuts(SvgWriter svg, ChartData data, CountScale scale)
    {
        const double FromTop = 7;
        OpenStretched(svg, data, 0, scale.Bottom);
        svg.Path("cut", Level(data, scale.Top + FromTop, p => p.Reports > scale.Max));
        svg.Add($"</svg>");
    }

    /// <summary>A viewport whose x counts steps and stretches with the page, and whose y counts pixels.</summary>
    internal static void OpenStretched(SvgWriter svg, ChartData data, double top, double height) => svg.Add(
        $"""<svg x="0" y="{top}" width="100%" height="{height}" preserveAspectRatio="none" viewBox="0 0 {data.Steps} {height}">""");
}
