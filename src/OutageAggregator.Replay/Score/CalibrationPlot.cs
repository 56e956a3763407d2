namespace OutageAggregator.Replay.Score;

/// <summary>Nominal probability against observed frequency, both by powers of ten, as an SVG that is readable on light and dark.</summary>
internal static class CalibrationPlot
{
    private const int Decade = 60;
    private const int Left = 90;
    private const int Top = 30;
    private const int Decades = 6;

    private static readonly string[] s_dashes = ["", "8 4", "2 3"];

    internal static string Of(ImmutableArray<CalibrationCurve> curves)
    {
        const int Side = Decade * Decades;
        var svg = new StringBuilder();
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Left + Side + 150} {Top + Side + 60}" font-family="sans-serif" font-size="13" role="img">""");
        Line($"""<title>Calibration: nominal tail probability against observed frequency on minutes without outage</title>""");
        Line($"""<rect width="100%" height="100%" fill="#fdfdfb"/>""");
        for (var k = 0; k <= Decades; k++)
        {
            Line($"""<path d="M{X(k)} {Top}V{Top + Side}M{Left} {Y(k)}H{Left + Side}" stroke="#ddd"/>""");
            Line($"""<text x="{X(k)}" y="{Top + Side + 20}" text-anchor="middle">{Power(k)}</text><text x="{Left - 8}" y="{Y(k) + 4}" text-anchor="end">{Power(k)}</text>""");
        }
        Line($"""<path d="M{X(0)} {Y(0)}L{X(Decades)} {Y(Decades)}" stroke="#999"/>""");
        for (var i = 0; i < curves.Length; i++)
        {
            var points = curves[i].Points.Where(p => p.Frequency > 0).Select(p => $"{X(-p.Log10P)} {Y(-Math.Log10(p.Frequency)):F1}");
            Line($"""<path d="M{string.Join('L', points)}" fill="none" stroke="#b3200f" stroke-width="2" stroke-dasharray="{s_dashes[i % s_dashes.Length]}"/>""");
            Line($"""<path d="M{Left + Side + 12} {Top + 10 + (24 * i)}h30" stroke="#b3200f" stroke-width="2" stroke-dasharray="{s_dashes[i % s_dashes.Length]}"/>""");
            Line($"""<text x="{Left + Side + 48}" y="{Top + 14 + (24 * i)}">{curves[i].WindowMinutes} minutes</text>""");
        }
        Line($"""<text x="{Left + (Side / 2)}" y="{Top + Side + 46}" text-anchor="middle">what the detector calls the chance</text>""");
        Line($"""<text transform="translate(22 {Top + (Side / 2)}) rotate(-90)" text-anchor="middle">how often it came up</text>""");
        return svg.Append("</svg>\n").ToString();

        void Line(string line) => svg.Append(line).Append('\n');
    }

    private static int X(int decades) => Left + (Decade * decades);

    private static double Y(double decades) => Top + (Decade * Math.Min(decades, Decades));

    private static string Power(int k) => k == 0 ? "1" : $"10<tspan dy=\"-5\" font-size=\"10\">-{k}</tspan>";
}
