using static OutageAggregator.Web.Charts.SvgWriter;

namespace OutageAggregator.Web.Charts;

/// <summary>The shapes of a chart as path data: x counts steps, y counts pixels downwards.</summary>
internal static class StepPaths
{
    /// <summary>Closed bars from a bottom to a top, as one path; neighbours of one height are one bar.</summary>
    internal static StringBuilder Area(
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
            _ = path.Append($"M{Number(left + gap)} {Number(low)}V{Number(high)}H{Number(right - gap)}V{Number(low)}z");
        }
        return path;
    }

    /// <summary>A stepped line over the points that have an expectation, broken where one has none.</summary>
    internal static StringBuilder Line(ChartData data, Func<ChartPoint, double> y)
    {
        var path = new StringBuilder();
        var end = double.NaN;
        var height = "";
        foreach (var point in data.Points.Where(p => p.HasExpectation))
        {
            var left = Step(data, point);
            var next = Number(y(point));
            if (Math.Abs(left - end) > 0.001 || double.IsNaN(end))
                _ = path.Append(double.IsNaN(end) ? "" : $"H{Number(end)}").Append($"M{Number(left)} {next}");
            else if (next != height)
                _ = path.Append($"H{Number(left)}V{next}");
            (end, height) = (left + 1, next);
        }
        return double.IsNaN(end) ? path : path.Append($"H{Number(end)}");
    }

    private static double Step(ChartData data, ChartPoint point) => (point.Start - data.From) / (double)data.StepMinutes;
}
