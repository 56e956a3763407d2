using static OutageAggregator.Web.Charts.StepPaths;
using static OutageAggregator.Web.Charts.SvgWriter;

namespace OutageAggregator.Web.Charts;

/// <summary>
/// The spike chart: reports per step over time, against what is usual. A pure function from <see cref="ChartData"/> to SVG text.
/// <code>
///     y    0  band labels                      Peak
///         20  band strips                      ====  a dash pattern for each kind, so that colour is not needed to tell them
///         24  the peak's note                    Peak 5,102 at 00:10
///         45  the highest number and the unit    |
///         66  +-- plot: bars; the part above the bound stands out; dotted expected line, shaded usual range up to the bound
///             |   where a peak dwarfs the rest, the plot ends at 158 and what is lower than a twelfth of it is drawn again
///        182  |   from there on, on a scale of its own: the day before a giant spike stays readable
///        246  +-- axis                12:00         18:00     9 Nov
///        272  lane "Told late"        each with a scale of its own: 120 late reports must not hide behind 19,000; the time zone
///        310  lane "Back for me"
/// </code>
/// It fits any width without script and without shrinking its text: there is no viewBox on the outside; text and bands are placed in
/// percent, and only the shapes lie in inner viewports that stretch horizontally. Labels stand inside the plot, above their grid line,
/// so no margin has to be reserved. It fits any font: each kind of label has a row of its own, <see cref="LabelRow.Height"/> high, whose
/// edge its line box touches. What a narrow chart has no room for carries a class (<c>need-480</c> ...) that a container query hides.
/// The height never depends on the data: a live update moves nothing else.
/// Colours, fonts and patterns' strokes come from <c>charts.css</c> by class. Rejected: a viewBox with 960 units (text of 4 pixels on a
/// phone), two pictures (twice the bytes), a chart library (scripts).
/// </summary>
public static class SpikeChart
{
    /// <summary>Height of the picture in CSS pixels, whatever the data.</summary>
    public const int Height = 348;
    private const double BandLabels = LabelRow.Height;
    private const double Strip = BandLabels + 2;
    private const double Note = Strip + 2 + LabelRow.Height;
    private const double PlotTop = Note + 2 + LabelRow.Height;
    private const double PlotBottom = PlotTop + 180;
    private const double TallBottom = PlotTop + 92;
    private const double LowTop = TallBottom + 4 + LabelRow.Height;
    private const double Times = PlotBottom + 5;
    private const double LateTop = Times + (2 * LabelRow.Height) + 2;
    private const double LaneHeight = 16;
    private const double BackTop = LateTop + LaneHeight + LabelRow.Height + 2;

    /// <summary>The chart as an <c>svg</c> element that also stands alone as a file.</summary>
    /// <exception cref="ArgumentException">The axis ends before it starts, or holds more than 10,000 steps.</exception>
    internal static string Render(ChartData data, string title, English words)
    {
        if (data.To <= data.From || data.StepMinutes < 1 || data.Steps > 10_000)
            throw new ArgumentException("A chart needs an axis of 1 to 10,000 steps.", nameof(data));
        var scale = CountScale.For(data.Points.IsEmpty ? 0 : data.Points.Max(p => Math.Max(p.Reports, p.Bound))) with
        {
            Top = PlotTop,
            Bottom = data.Dwarfed is null ? PlotBottom : TallBottom,
        };
        var svg = new SvgWriter();
        svg.Add($"""<svg xmlns="http://www.w3.org/2000/svg" class="spike" width="100%" height="{Height}" role="img" """);
        svg.Add($"""aria-labelledby="{data.Id}-title {data.Id}-desc"><title id="{data.Id}-title">{title}</title>""");
        svg.Add($"""<desc id="{data.Id}-desc">{words.Summary(data)}</desc>""");
        Definitions(svg, data);
        Bands(svg, data, words);
        // Where the rest is drawn again, so is what is usual of it: up here it would be a hair above the axis.
        var again = data.Dwarfed is { } most ? CountScale.For(most) with { Top = LowTop, Bottom = PlotBottom } : (CountScale?)null;
        CountPlot.Usual(svg, data, again ?? scale);
        var ticks = TimeScale.Ticks(data.From, data.To, words.Zone);
        Grid(svg, data, scale, ticks);
        CountPlot.Bars(svg, data, scale);
        if (again is { } low)
            Again(svg, data, low, words);
        CountPlot.UsualLines(svg, data, again ?? scale);
        Gaps(svg, data, words);
        PeakNote(svg, data, scale, words);
        CountLabels(svg, data, scale, words);
        TimeAxis(svg, data, ticks, words);
        var zone = words.ShortTimesIn(data.From, data.To);
        var late = Lane(svg, data, LateTop, "late", words.ReportedLate, static p => p.Late, zone, words);
        _ = Lane(svg, data, BackTop, "back", words.BackForMe, static p => p.Back, zone, words);
        ZoneLabel(svg, zone, late);
        svg.Add($"</svg>");
        return svg.ToString();
    }

    private static void Definitions(SvgWriter svg, ChartData data)
    {
        if (data.Gaps.IsEmpty)
            return;
        svg.Add($"""<defs><pattern id="{data.Id}-gap" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">""");
        svg.Add($"""<line class="hatch" x1="0" y1="0" x2="0" y2="9"/></pattern></defs>""");
    }

    private static void Bands(SvgWriter svg, ChartData data, English words)
    {
        // A band of a few minutes on a day's chart would vanish: it is never thinner than its strip's dash.
        const double Thinnest = 0.003;
        var bands = Apart(data, Thinnest);
        var starts = bands.ConvertAll(b => Math.Min(data.Place(b.From), 1 - Thinnest));
        var ends = bands.Select((b, i) => Math.Max(data.Place(b.To ?? data.CountedTo), starts[i] + Thinnest)).ToList();
        for (var i = 0; i < bands.Count; i++)
        {
            var kind = bands[i].Phase?.Code() ?? "incident";
            svg.Add($"""<rect class="band band-{kind}" x="{Percent(starts[i])}" width="{Percent(ends[i] - starts[i])}" """);
            // Not behind the peak's note: a thin band would be a line through its digits.
            svg.Add($"""y="{Note + 2}" height="{PlotBottom - Note - 2}"/>""");
            svg.Line($"strip strip-{kind}", starts[i], ends[i], Strip, Strip);
        }
        var row = new LabelRow();
        foreach (var i in Enumerable.Range(0, bands.Count).OrderByDescending(i => ends[i] - starts[i]))
        {
            // Over no other band: that one would seem to bear its name.
            Label(svg, row, "band-label", words.Of(bands[i]), BandLabels,
                new LabelPlace(starts[i], "start", To: i + 1 < bands.Count ? starts[i + 1] : 1),
                new LabelPlace(ends[i], "end", From: i > 0 ? ends[i - 1] : 0));
        }
    }

    // Incidents that would be drawn over each other, as in a year of them, are one band.
    private static List<ChartBand> Apart(ChartData data, double thinnest)
    {
        var apart = new List<ChartBand>();
        foreach (var band in data.Bands.Where(b => b.From < data.To && (b.To ?? data.To) > data.From))
        {
            if (band.Phase is null && apart is [.., { Phase: null } before]
                && data.Place(band.From) < Math.Max(data.Place(before.To ?? data.CountedTo), data.Place(before.From) + thinnest))
                apart[^1] = before with { To = before.To is { } first && band.To is { } second ? Minute.Max(first, second) : null };
            else
                apart.Add(band);
        }
        return apart;
    }

    private static void Grid(SvgWriter svg, ChartData data, CountScale scale, ImmutableArray<TimeTick> ticks)
    {
        foreach (var at in ticks.Where(t => t.IsDay).Select(t => data.Place(t.At)))
            svg.Line("grid day", at, at, PlotTop, PlotBottom);
        foreach (var y in scale.Ticks().Skip(1).Select(tick => Y(scale, tick)))
            svg.Line("grid", 0, 1, y, y);
    }

    private static void Again(SvgWriter svg, ChartData data, CountScale low, English words)
    {
        svg.Line("axis lane", 0, 1, TallBottom, TallBottom);
        foreach (var y in low.Ticks().Skip(1).Select(low.Y))
            svg.Line("grid", 0, 1, y, y);
        CountPlot.Bars(svg, data, low);
        CountPlot.Cuts(svg, data, low);
        var (number, more) = words.SecondScale(low.Max);
        Fact(svg, "count", number, more, low.Top - 1);
    }

    private static void Gaps(SvgWriter svg, ChartData data, English words)
    {
        foreach (var gap in data.Gaps)
        {
            var from = data.Place(gap.From);
            var width = data.Place(gap.To) - from;
            if (width <= 0)
                continue;
            svg.Add($"""<rect class="gap" fill="url(#{data.Id}-gap)" x="{Percent(from)}" width="{Percent(width)}" """);
            svg.Add($"""y="{PlotTop}" height="{PlotBottom - PlotTop}"/>""");
            Label(svg, new LabelRow(), "note", words.NoData, PlotBottom, new LabelPlace(from + (width / 2), "middle", from, from + width));
        }
    }

    private static void CountLabels(SvgWriter svg, ChartData data, CountScale scale, English words)
    {
        svg.Line("axis", 0, 1, PlotBottom, PlotBottom);
        foreach (var tick in scale.Ticks().Skip(1))
        {
            // The unit stands once, with the highest number, as a newspaper does it.
            var isTop = tick + (scale.Step / 2) > scale.Max;
            Fact(svg, "count", words.Count(tick), isTop ? words.ReportsPer(data.StepMinutes) : "", Y(scale, tick) - 1);
        }
    }

    private static void PeakNote(SvgWriter svg, ChartData data, CountScale scale, English words)
    {
        // A quiet day's highest bar is chance: naming it would make news of it.
        if (data.Peak is not { } peak || !data.StandsOut(peak))
            return;
        var middle = Math.Min(1, data.Place(peak.Start) + (data.StepMinutes / 2.0 / Math.Max(1, data.To - data.From)));
        var y = Y(scale, peak.Reports);
        svg.Add($"""<circle class="peak-dot" cx="{Percent(middle)}" cy="{y}" r="3"/>""");
        var text = words.PeakAt(data, peak);
        var width = LabelRow.WidthOf(text);
        if (new LabelRow().Add(width, new(middle, "middle"), new(middle, "start"), new(middle, "end")) is not var (place, need))
            return;
        svg.Line($"peak-line{need}", middle, middle, Note, y);
        OpenLabel(svg, $"peak{need}", place, Note);
        svg.Add($"{text}</text>");
    }

    private static void TimeAxis(SvgWriter svg, ChartData data, ImmutableArray<TimeTick> ticks, English words)
    {
        var row = new LabelRow();
        // Dates first, then from the middle outwards: where two have no room, the one nearer to the edge goes.
        foreach (var tick in ticks.OrderBy(t => t.IsMinor).ThenBy(t => !t.IsDay).ThenBy(t => Math.Abs(data.Place(t.At) - 0.5)))
        {
            var at = data.Place(tick.At);
            svg.Line("mark", at, at, PlotBottom, PlotBottom + 4);
            if (tick.IsAgain)
                continue;
            var text = tick.IsDay
                ? words.ShortDate(tick.At.Start, withYear: data.To - data.From > 200 * Minute.PerDay)
                : words.Clock(tick.At.Start);
            var code = tick.IsDay ? "time date" : "time";
            Label(svg, row, code, text, Times, new(at, "middle"), at < 0.5 ? new(at, "start") : new(at, "end"));
        }
    }

    private static void ZoneLabel(SvgWriter svg, string zone, string beside)
    {
        if (LabelRow.ClassFrom(LabelRow.WidthOf($"{beside} {zone}")) is not { } need)
            return;
        OpenLabel(svg, $"zone{need}", new LabelPlace(1, "end"), LateTop - 1);
        svg.Add($"{zone}</text>");
    }

    /// <returns>The number that it begins with.</returns>
    private static string Lane(
        SvgWriter svg, ChartData data, double top, string code, string label, Func<ChartPoint, int> count, string zone, English words)
    {
        var most = data.Points.IsEmpty ? 0 : data.Points.Max(count);
        var total = data.Points.Sum(p => (long)count(p));
        CountPlot.OpenStretched(svg, data, top, LaneHeight);
        svg.Path(code, Area(data, _ => LaneHeight, p => LaneHeight * (1 - (count(p) / (double)Math.Max(1, most))), p => count(p) > 0));
        svg.Add($"</svg>");
        svg.Line("axis lane", 0, 1, top + LaneHeight, top + LaneHeight);
        var (number, more) = words.Lane(label, total, most);
        Fact(svg, "lane-label", number, more, top - 1, LabelRow.WidthOf(zone));
        return number;
    }

    private static void Label(SvgWriter svg, LabelRow row, string code, string text, double y, params ReadOnlySpan<LabelPlace> places)
    {
        if (row.Add(LabelRow.WidthOf(text), places) is not var (place, need))
            return;
        OpenLabel(svg, code + need, place, y);
        svg.Add($"{text}</text>");
    }

    private static void OpenLabel(SvgWriter svg, string code, LabelPlace place, double y) =>
        svg.Add($"""<text class="{code}" x="{Percent(place.At)}" y="{y}" text-anchor="{place.Anchor}">""");

    /// <summary>A number at the left edge, and more about it where the chart has room beside what is <paramref name="taken"/>.</summary>
    private static void Fact(SvgWriter svg, string code, string number, string more, double y, double taken = 0)
    {
        OpenLabel(svg, code, new LabelPlace(0, "start"), y);
        svg.Add($"{number}");
        var need = LabelRow.ClassFrom(LabelRow.WidthOf(number + more) + taken);
        if (need?.Length == 0)
            svg.Add($"{more}");
        else if (need is not null)
            svg.Add($"""<tspan class="{need.TrimStart()}">{more}</tspan>""");
        svg.Add($"</text>");
    }

    private static double Y(CountScale scale, double count) => scale.Y(count);
}
