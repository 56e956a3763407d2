using static OutageAggregator.Web.Charts.SvgWriter;

namespace OutageAggregator.Web.Charts;

/// <summary>
/// The shapes of a chart as path data: x counts steps, y counts pixels downwards, to a tenth of one. Where bars touch they are one outline,
/// in relative moves: a month of them is a kilobyte or two over the wire instead of ten.
/// </summary>
internal static class StepPaths
{
    /// <summary>Closed bars from a bottom to a top, as one path; neighbours that stand on one level are one outline.</summary>
    internal static StringBuilder Area(
        ChartData data, Func<ChartPoint, double> bottom, Func<ChartPoint, double> top, Func<ChartPoint, bool> isShown, bool bars = true)
    {
        // Few bars stand apart; many would drown in their own seams.
        var gap = bars && data.Steps <= 160 ? 0.14 : 0;
        var path = new StringBuilder();
        var (begun, right, low, high) = (double.NaN, double.NaN, double.NaN, double.NaN);
        foreach (var point in data.Points.Where(isShown))
        {
            var (left, from, to) = (Step(data, point), Tenths(bottom(point)), Tenths(top(point)));
            // NaN is near to nothing: the first bar begins an outline.
            var touches = gap == 0 && Math.Abs(left - right) < 0.001 && from == low;
            if (!touches && from - to < 0.05)
                continue;
            if (!touches)
                _ = Close(path, right - gap, low).Append($"M{Number(left + gap)} {Number(from)}V{Number(to)}");
            else if (to != high)
                _ = Along(path, left - begun).Append($"V{Number(to)}");
            if (to != high || !touches)
                begun = left;
            (right, low, high) = (left + 1, from, to);
        }
        return Close(path, right - gap, low);
    }

    /// <summary>A stepped line over the points that have an expectation, broken where one has none.</summary>
    internal static StringBuilder Line(ChartData data, Func<ChartPoint, double> y)
    {
        var path = new StringBuilder();
        var (begun, end, height) = (double.NaN, double.NaN, double.NaN);
        foreach (var point in data.Points.Where(p => p.HasExpectation))
        {
            var (left, next) = (Step(data, point), Tenths(y(point)));
            if (!(Math.Abs(left - end) < 0.001))
            {
                _ = Along(path, end - begun).Append($"M{Number(left)} {Number(next)}");
                begun = left;
            }
            else if (next != height)
            {
                _ = Along(path, left - begun).Append($"v{Number(next - height)}");
                begun = left;
            }
            (end, height) = (left + 1, next);
        }
        return Along(path, end - begun);
    }

    /// <summary>A level line over some of the points, one piece for neighbours.</summary>
    internal static StringBuilder Level(ChartData data, double y, Func<ChartPoint, bool> isShown)
    {
        var path = new StringBuilder();
        var (begun, end) = (double.NaN, double.NaN);
        foreach (var left in data.Points.Where(isShown).Select(p => Step(data, p)))
        {
            if (!(Math.Abs(left - end) < 0.001))
            {
                _ = Along(path, end - begun).Append($"M{Number(left)} {Number(y)}");
                begun = left;
            }
            end = left + 1;
        }
        return Along(path, end - begun);
    }

    private static StringBuilder Close(StringBuilder path, double right, double low) =>
        path.Length == 0 ? path : path.Append($"H{Number(right)}V{Number(low)}z");

    private static StringBuilder Along(StringBuilder path, double length) => path.Length == 0 ? path : path.Append($"h{Number(length)}");
    private static double Tenths(double y) => Math.Round(y, 1);
    private static double Step(ChartData data, ChartPoint point) => (point.Start - data.From) / (double)data.StepMinutes;
}
