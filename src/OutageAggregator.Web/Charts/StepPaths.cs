using static OutageAggregator.Web.Charts.SvgWriter;

namespace OutageAggregator.Web.Charts;

/// <summary>The shapes of a chart as path data: x counts steps, y counts pixels downwards.</summary>
internal static class StepPaths
{
    /// <summary>Closed bars from a bottom to a top, as one path; neighbours of one height are one bar.</summary>
    internal static string Area(
        ChartData data, Func<ChartPoint, double> bottom, Func<ChartPoint, double> top, Func<ChartPoint, bool> isShown, bool bars = true)
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
                && Step(data, next) - right is > -0.001 and < 0.001
                && Number(top(next)) == Number(high) && Number(bottom(next)) == Number(low))
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
    internal static string Line(ChartData data, Func<ChartPoint, double> y)
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

    private static double Step(ChartData data, ChartPoint point) => (point.Start - data.From) / (double)data.StepMinutes;
}
