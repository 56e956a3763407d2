using System.Globalization;
using System.Text;
using OutageAggregator.Core.Series;
using static OutageAggregator.Web.Charts.SvgWriter;

namespace OutageAggregator.Web.Charts;

/// <summary>
/// The spike chart: reports per step over time, against what is usual. A pure function from <see cref="ChartData"/> to SVG text.
/// <code>
///     y    0  band labels                      Peak                      (shown where the chart is wide enough for them)
///         14  band strips                      ====  a dash pattern for each kind, so that colour is not needed to tell them
///         22  headroom, the peak's note             Peak 5,102 at 00:10
///         44  +-- plot: bars; the part above the bound stands out; dotted expected line, shaded usual range up to the bound
///        224  +-- axis, times in UTC  12:00 UTC     18:00     9 Nov
///        257  lane "Told late"        each with a scale of its own: 120 late reports must not hide behind 19,000
///        297  lane "Back for me"
/// </code>
/// It fits any width without script and without shrinking its text: there is no viewBox on the outside; text and bands are placed in
/// percent, and only the shapes lie in inner viewports that stretch horizontally. Labels stand inside the plot, above their grid line,
/// so no margin has to be reserved. What a narrow screen has no room for carries a class (<c>minor</c>, <c>need-480</c> ...) that a
/// container query hides. The height never depends on the data: a live update moves nothing else.
/// Colours, fonts and patterns' strokes come from <c>charts.css</c> by class. Rejected: a viewBox with 960 units (text of 4 pixels on a
/// phone), two pictures (twice the bytes), a chart library (scripts).
/// </summary>
public static class SpikeChart
{
    /// <summary>Height of the picture in CSS pixels, whatever the data.</summary>
    public const int Height = 330;

    private const double StripTop = 16;
    private const double PlotTop = 44;
    private const double PlotBottom = 224;
    private const double LateTop = 271;
    private const double BackTop = 311;
    private const double LaneHeight = 16;
    private const double CharWidth = 6.4;

    /// <summary>The chart as an <c>svg</c> element that also stands alone as a file.</summary>
    /// <exception cref="ArgumentException">The axis ends before it starts, or holds more than 10,000 steps.</exception>
    public static string Render(ChartData data)
    {
        if (data.To <= data.From || data.StepMinutes < 1 || data.Steps > 10_000)
            throw new ArgumentException("A chart needs an axis of 1 to 10,000 steps.", nameof(data));
        var scale = CountScale.For(data.Points.IsEmpty ? 0 : data.Points.Max(p => Math.Max(p.Reports, Bound(p))));
        var svg = new SvgWriter();
        _ = svg.Open("svg",
            ("xmlns", "http://www.w3.org/2000/svg"), ("class", "spike"), ("width", "100%"), ("height", Height.ToString(CultureInfo.InvariantCulture)),
            ("role", "img"), ("aria-labelledby", $"{data.Id}-title {data.Id}-desc"));
        _ = svg.Element("title", data.Title, ("id", $"{data.Id}-title")).Element("desc", ChartWords.Summary(data), ("id", $"{data.Id}-desc"));
        Definitions(svg, data);
        Bands(svg, data);
        Usual(svg, data, scale);
        Grid(svg, data, scale);
        Plot(svg, data, scale);
        Gaps(svg, data);
        CountLabels(svg, data, scale);
        PeakNote(svg, data, scale);
        TimeAxis(svg, data);
        Lane(svg, data, LateTop, "late", "Told late", static p => p.Late);
        Lane(svg, data, BackTop, "back", "Back for me", static p => p.Back);
        return svg.Close("svg").ToString();
    }

    private static void Definitions(SvgWriter svg, ChartData data)
    {
        if (data.Gaps.IsEmpty)
            return;
        _ = svg.Open("defs")
            .Open("pattern", ("id", $"{data.Id}-gap"), ("width", "9"), ("height", "9"), ("patternUnits", "userSpaceOnUse"), ("patternTransform", "rotate(45)"))
            .Empty("line", ("class", "hatch"), ("x1", "0"), ("y1", "0"), ("x2", "0"), ("y2", "9"))
            .Close("pattern").Close("defs");
    }

    private static void Bands(SvgWriter svg, ChartData data)
    {
        var labelEnd = 0.0;
        for (var i = 0; i < data.Bands.Length; i++)
        {
            var band = data.Bands[i];
            var kind = BandCode(band.Kind);
            var from = data.Place(band.From);
            var to = data.Place(band.To ?? data.CountedTo);
            if (band.From >= data.To || (band.To ?? data.To) <= data.From)
                continue;
            // A band of a few minutes on a day's chart would vanish: it is never thinner than its strip's dash.
            var width = Math.Max(to - from, 0.003);
            _ = svg
                .Empty("rect", ("class", $"band band-{kind}"), ("x", Percent(from)), ("width", Percent(width)), ("y", Number(StripTop)), ("height", Number(PlotBottom - StripTop)))
                .Empty("line", ("class", $"strip strip-{kind}"), ("x1", Percent(from)), ("x2", Percent(from + width)), ("y1", Number(StripTop)), ("y2", Number(StripTop)));
            // The label stands from the band's start to the next band, or ends with the band where that gives it more room.
            var right = (i + 1 < data.Bands.Length ? data.Place(data.Bands[i + 1].From) : 1) - from;
            var left = to - labelEnd;
            var leftwards = left > right;
            if (Need(band.Label, leftwards ? left : right) is not { } need)
                continue;
            _ = svg.Element("text", band.Label, ("class", $"band-label{need}"), ("x", Percent(leftwards ? to : from)), ("dx", leftwards ? "-4" : "0"), ("y", "10"), ("text-anchor", leftwards ? "end" : "start"));
            labelEnd = leftwards ? to : from + Math.Min(right, 0.2);
        }
    }

    private static void Grid(SvgWriter svg, ChartData data, CountScale scale)
    {
        foreach (var tick in TimeScale.Ticks(data.From, data.To).Where(t => t.IsDay))
            _ = svg.Empty("line", ("class", "grid day"), ("x1", Percent(data.Place(tick.At))), ("x2", Percent(data.Place(tick.At))), ("y1", Number(PlotTop)), ("y2", Number(PlotBottom)));
        foreach (var tick in scale.Ticks().Skip(1))
            _ = svg.Empty("line", ("class", "grid"), ("x1", "0"), ("x2", "100%"), ("y1", Number(Y(scale, tick))), ("y2", Number(Y(scale, tick))));
    }

    private static void Usual(SvgWriter svg, ChartData data, CountScale scale)
    {
        OpenStretched(svg, data, 0, PlotBottom);
        Shape(svg, "usual", Area(data, PlotBottom, p => Y(scale, Bound(p)), static p => p.HasExpectation, bars: false));
        _ = svg.Close("svg");
    }

    private static void Plot(SvgWriter svg, ChartData data, CountScale scale)
    {
        OpenStretched(svg, data, 0, PlotBottom);
        Shape(svg, "told", Area(data, PlotBottom, p => Y(scale, p.HasExpectation ? Math.Min(p.Reports, p.Upper) : p.Reports), p => !IsPending(data, p)));
        Shape(svg, "excess", Area(data, p => Y(scale, Bound(p)), p => Y(scale, p.Reports), p => p.HasExpectation && p.Reports > p.Upper && !IsPending(data, p)));
        Shape(svg, "pending", Area(data, PlotBottom, p => Y(scale, p.Reports), p => IsPending(data, p) && p.Reports > 0));
        Shape(svg, "bound", Line(data, p => Y(scale, Bound(p))));
        Shape(svg, "expected", Line(data, p => Y(scale, p.Expected)));
        _ = svg.Close("svg");
    }

    /// <summary>A viewport whose x counts steps and stretches with the page, and whose y counts pixels.</summary>
    private static void OpenStretched(SvgWriter svg, ChartData data, double top, double height) => svg.Open("svg",
        ("x", "0"), ("y", Number(top)), ("width", "100%"), ("height", Number(height)), ("preserveAspectRatio", "none"),
        ("viewBox", $"0 0 {Number(data.Steps)} {Number(height)}"));

    private static void Gaps(SvgWriter svg, ChartData data)
    {
        foreach (var gap in data.Gaps)
        {
            var from = data.Place(gap.From);
            var width = data.Place(gap.To) - from;
            if (width <= 0)
                continue;
            _ = svg.Empty("rect", ("class", "gap"), ("fill", $"url(#{data.Id}-gap)"), ("x", Percent(from)), ("width", Percent(width)), ("y", Number(PlotTop)), ("height", Number(PlotBottom - PlotTop)));
            if (Need("no data", width) is { } need)
                _ = svg.Element("text", "no data", ("class", $"note{need}"), ("x", Percent(from + (width / 2))), ("y", Number((PlotTop + PlotBottom) / 2)), ("text-anchor", "middle"));
        }
    }

    private static void CountLabels(SvgWriter svg, ChartData data, CountScale scale)
    {
        _ = svg.Empty("line", ("class", "axis"), ("x1", "0"), ("x2", "100%"), ("y1", Number(PlotBottom)), ("y2", Number(PlotBottom)));
        foreach (var tick in scale.Ticks().Skip(1))
        {
            // The unit stands once, with the highest number, as a newspaper does it.
            var isTop = tick + (scale.Step / 2) > scale.Max;
            var text = ChartWords.Count(tick) + (isTop ? " reports per " + ChartWords.Per(data.StepMinutes) : "");
            _ = svg.Element("text", text, ("class", "count"), ("x", "0"), ("y", Number(Y(scale, tick) - 4)));
        }
    }

    private static void PeakNote(SvgWriter svg, ChartData data, CountScale scale)
    {
        // A quiet day's highest bar is chance: naming it would make news of it.
        if (ChartWords.PeakOf(data) is not { } peak || (peak.HasExpectation && peak.Reports <= peak.Upper))
            return;
        var place = data.Place(peak.Start);
        var middle = Math.Min(1, place + (data.StepMinutes / 2.0 / Math.Max(1, data.To - data.From)));
        var leftwards = place > 0.5;
        var y = Y(scale, peak.Reports);
        _ = svg
            .Empty("circle", ("class", "peak-dot"), ("cx", Percent(middle)), ("cy", Number(y)), ("r", "3"))
            .Open("text", ("class", "peak"), ("x", Percent(middle)), ("dx", leftwards ? "-7" : "7"), ("y", Number(y - 7)), ("text-anchor", leftwards ? "end" : "start"))
            .Text($"Peak {ChartWords.Count(peak.Reports)} at ")
            .Element("tspan", peak.Start.Start.ToString("HH:mm", CultureInfo.InvariantCulture), ("data-clock", peak.Start.ToString()))
            .Close("text");
    }

    private static void TimeAxis(SvgWriter svg, ChartData data)
    {
        var isFirst = true;
        foreach (var tick in TimeScale.Ticks(data.From, data.To))
        {
            var place = data.Place(tick.At);
            var anchor = place < 0.03 ? "start" : place > 0.97 ? "end" : "middle";
            _ = svg.Empty("line", ("class", tick.IsMinor ? "mark minor" : "mark"), ("x1", Percent(place)), ("x2", Percent(place)), ("y1", Number(PlotBottom)), ("y2", Number(PlotBottom + 4)));
            var format = !tick.IsDay ? "HH:mm" : data.To - data.From > 200 * Minute.PerDay ? "d MMM yyyy" : "d MMM";
            var text = tick.At.Start.ToString(format, CultureInfo.InvariantCulture);
            _ = svg.Open("text", ("class", (tick.IsDay ? "time date" : "time") + (tick.IsMinor ? " minor" : "")), ("x", Percent(place)), ("y", Number(PlotBottom + 17)), ("text-anchor", anchor));
            // Days are days of UTC in the store, so their marks stay; times of day may be shown in the reader's zone.
            _ = tick.IsWholeDays ? svg.Text(text) : svg.Element("tspan", text, ("data-clock", tick.At.ToString()));
            if (isFirst && !tick.IsMinor)
            {
                _ = svg.Element("tspan", " UTC", ("class", "zone"));
                isFirst = false;
            }
            _ = svg.Close("text");
        }
    }

    private static void Lane(SvgWriter svg, ChartData data, double top, string code, string label, Func<ChartPoint, int> count)
    {
        var most = data.Points.IsEmpty ? 0 : data.Points.Max(count);
        var total = data.Points.Sum(p => (long)count(p));
        var bottom = top + LaneHeight;
        OpenStretched(svg, data, top, LaneHeight);
        Shape(svg, code, Area(data, LaneHeight, p => LaneHeight * (1 - (count(p) / (double)Math.Max(1, most))), p => count(p) > 0));
        _ = svg.Close("svg")
            .Empty("line", ("class", "axis lane"), ("x1", "0"), ("x2", "100%"), ("y1", Number(bottom)), ("y2", Number(bottom)))
            .Element("text", total == 0 ? $"{label}: none" : $"{label}: {ChartWords.Count(total)} in all, most {ChartWords.Count(most)}",
                ("class", "lane-label"), ("x", "0"), ("y", Number(top - 4)));
    }

    /// <summary>Closed bars from a flat bottom to a top, as one path; neighbours of one height are one bar.</summary>
    private static string Area(ChartData data, double bottom, Func<ChartPoint, double> top, Func<ChartPoint, bool> isShown, bool bars = true) =>
        Area(data, _ => bottom, top, isShown, bars);

    private static string Area(ChartData data, Func<ChartPoint, double> bottom, Func<ChartPoint, double> top, Func<ChartPoint, bool> isShown, bool bars = true)
    {
        var path = new StringBuilder();
        // Few bars stand apart; many would drown in their own seams.
        var gap = bars && data.Steps <= 160 ? 0.14 : 0;
        for (var i = 0; i < data.Points.Length; i++)
        {
            var point = data.Points[i];
            if (!isShown(point))
                continue;
            var (low, high) = (bottom(point), top(point));
            if (low - high < 0.05)
                continue;
            var left = Step(data, point);
            var right = left + 1;
            while (gap == 0 && i + 1 < data.Points.Length && data.Points[i + 1] is var next && isShown(next)
                && Step(data, next) - right is > -0.001 and < 0.001 && Number(top(next)) == Number(high) && Number(bottom(next)) == Number(low))
            {
                right++;
                i++;
            }
            _ = path.Append('M').Append(Number(left + gap)).Append(' ').Append(Number(low))
                .Append('V').Append(Number(high)).Append('H').Append(Number(right - gap)).Append('V').Append(Number(low)).Append('z');
        }
        return path.ToString();
    }

    /// <summary>A stepped line over the points that have an expectation, broken where one has none.</summary>
    private static string Line(ChartData data, Func<ChartPoint, double> y)
    {
        var path = new StringBuilder();
        var end = double.NaN;
        var height = "";
        foreach (var point in data.Points.Where(p => p.HasExpectation))
        {
            var left = Step(data, point);
            var next = Number(y(point));
            if (Math.Abs(left - end) > 0.001 || double.IsNaN(end))
            {
                if (!double.IsNaN(end))
                    _ = path.Append('H').Append(Number(end));
                _ = path.Append('M').Append(Number(left)).Append(' ').Append(next);
            }
            else if (next != height)
            {
                _ = path.Append('H').Append(Number(left)).Append('V').Append(next);
            }
            end = left + 1;
            height = next;
        }
        return double.IsNaN(end) ? "" : path.Append('H').Append(Number(end)).ToString();
    }

    private static void Shape(SvgWriter svg, string code, string path)
    {
        if (path.Length > 0)
            _ = svg.Empty("path", ("class", code), ("d", path));
    }

    private static double Step(ChartData data, ChartPoint point) => (point.Start - data.From) / (double)data.StepMinutes;

    private static double Bound(ChartPoint point) => point.HasExpectation ? Math.Max(point.Upper, point.Expected) : 0;

    private static bool IsPending(ChartData data, ChartPoint point) => point.Start + data.StepMinutes > data.CountedTo;

    private static double Y(CountScale scale, double count) => PlotBottom - ((PlotBottom - PlotTop) * scale.Place(count));

    /// <summary>The class that shows a label only where the chart is wide enough for it; null where no usual width is.</summary>
    private static string? Need(string label, double room) => room <= 0 ? null : (label.Length * CharWidth / room) switch
    {
        <= 280 => "",
        <= 480 => " need-480",
        <= 720 => " need-720",
        <= 1000 => " need-1000",
        _ => null,
    };

    private static string BandCode(BandKind kind) => kind switch
    {
        BandKind.Onset => "onset",
        BandKind.Peak => "peak",
        BandKind.Recovery => "recovery",
        BandKind.Recurrence => "recurrence",
        _ => "incident",
    };
}
