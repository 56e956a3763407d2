using static OutageAggregator.Web.Charts.SvgWriter;

namespace OutageAggregator.Web.Charts;

/// <summary>A chart the size of a word: the shape of the last hours. The text beside it has the numbers, and its title says them.</summary>
public static class Sparkline
{
    private const int Height = 32;

    /// <param name="reports">Reports a step, oldest first; empty draws the axis only.</param>
    /// <param name="upper">The most that chance makes plausible in a step: what is above stands out. Null where unknown.</param>
    public static string Render(string title, IReadOnlyList<int> reports, double? upper)
    {
        var top = Math.Max(reports.DefaultIfEmpty(0).Max(), Math.Max(4, upper ?? 0));
        var bound = upper is { } most and > 0 && double.IsFinite(most) ? Y(most, top) : Height - 1;
        var (told, excess) = (new StringBuilder(), new StringBuilder());
        foreach (var (i, count) in reports.Index().Where(r => r.Item > 0))
        {
            var y = Y(count, top);
            Bar(told, i, Height - 1, upper is null ? y : Math.Max(y, bound));
            if (upper is not null && y < bound)
                Bar(excess, i, bound, y);
        }
        var svg = new SvgWriter();
        svg.Add($"""<svg xmlns="http://www.w3.org/2000/svg" class="sparkline" width="100%" height="{Height}" """);
        svg.Add($"""viewBox="0 0 {Math.Max(1, reports.Count)} {Height}" preserveAspectRatio="none" role="img"><title>{title}</title>""");
        svg.Path("told", told);
        svg.Path("excess", excess);
        svg.Line("axis", 0, 1, Height - 0.5, Height - 0.5);
        svg.Add($"</svg>");
        return svg.ToString();
    }

    private static double Y(double count, double top) => (Height - 1) * (1 - Math.Clamp(count / top, 0, 1));

    private static void Bar(StringBuilder path, int index, double low, double high) =>
        path.Append(CultureInfo.InvariantCulture, $"M{index} {Number(low)}V{Number(high)}h1V{Number(low)}z");
}
