using System.Xml.Linq;
using OutageAggregator.Web.ChartNumbers;
using OutageAggregator.Web.Charts;
using OutageAggregator.Web.Words;
using OutageAggregator.Web.Zones;

namespace OutageAggregator.Web.Tests.Charts;

/// <summary>Charts to draw and ways to read them back.</summary>
internal static class ChartFixtures
{
    internal static readonly Minute Start = Minute.Of(new DateTimeOffset(2024, 11, 8, 11, 0, 0, TimeSpan.Zero));
    internal static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>A chart of <paramref name="counts"/> by step, 2 usual and 9 plausible in each.</summary>
    internal static ChartData Of(IReadOnlyList<int> counts, int step = 5, double expected = 2, int upper = 9) => new(
        "c", Start, Start + (Math.Max(1, counts.Count) * step), Start + (Math.Max(1, counts.Count) * step), step,
        [.. counts.Select((c, i) => new ChartPoint(Start + (i * step), c, 0, 0, expected, upper))], [], []);

    /// <summary>19,403 reports in 26 minutes over 2 a minute: a day by 5 minutes.</summary>
    internal static ChartData Spike()
    {
        var counts = new int[288];
        Array.Fill(counts, 10);
        int[] surge = [1_900, 4_600, 5_200, 4_100, 2_603, 1_000];
        for (var i = 0; i < surge.Length; i++)
            counts[156 + i] = surge[i];
        var onset = Start + (156 * 5);
        return Of(counts, expected: 10, upper: 26) with
        {
            Bands = [new ChartBand(null, onset, onset + 35)],
        };
    }

    internal static string Picture(ChartData data, string title = "Reports", string zone = "UTC") =>
        SpikeChart.Render(data, title, Languages.English.In(ZoneNames.Find(zone)!));

    internal static XElement Draw(ChartData data, string zone = "UTC") => XDocument.Parse(Picture(data, zone: zone)).Root!;

    internal static IEnumerable<XElement> Elements(XElement svg, string name, string? code = null) => svg.Descendants(Svg + name)
        .Where(e => code is null || ((string?)e.Attribute("class"))?.Split(' ').Contains(code, StringComparer.Ordinal) == true);

    /// <summary>The classes of each text that has one class.</summary>
    internal static ImmutableArray<string> Classes(XElement svg, string code) =>
        [.. Elements(svg, "text", code).Select(t => t.Attribute("class")!.Value)];

    internal static string Path(XElement svg, string code) => (string?)Elements(svg, "path", code).SingleOrDefault()?.Attribute("d") ?? "";

    /// <summary>Every number of every attribute that holds numbers, percentages without their sign.</summary>
    internal static IEnumerable<double> Numbers(XElement svg) => svg.DescendantsAndSelf().SelectMany(e => e.Attributes())
        .Where(a => a.Name.LocalName is "x" or "y" or "x1" or "x2" or "y1" or "y2" or "cx" or "cy" or "r" or "dx" or "width" or "height" or "d" or "viewBox")
        .SelectMany(a => a.Value.Split([' ', ',', 'M', 'V', 'H', 'h', 'z', '%'], StringSplitOptions.RemoveEmptyEntries))
        .Select(text => double.Parse(text, CultureInfo.InvariantCulture));

    internal static ImmutableArray<string> Texts(XElement svg) => [.. Elements(svg, "text").Select(t => t.Value)];
}
