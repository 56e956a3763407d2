using System.Text.RegularExpressions;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Tests.Pages;

public sealed class MonogramTests
{
    [Theory]
    [InlineData("ChatGPT", "CG")]
    [InlineData("WhatsApp", "WA")]
    [InlineData("YouTube", "YT")]
    [InlineData("Microsoft Teams", "MT")]
    [InlineData("Bank of America", "BO")]
    [InlineData("Telegram", "Te")]
    [InlineData("eBay", "EB")]
    [InlineData("iCloud", "IC")]
    [InlineData("LINE", "LI")]
    [InlineData("X", "X")]
    [InlineData("AT&T", "AT")]
    [InlineData("Disney+", "Di")]
    [InlineData("o2 Germany", "OG")]
    [InlineData("1&1", "11")]
    [InlineData("7-Eleven", "7E")]
    [InlineData("Cl@ve", "CV")]
    [InlineData("Íslandsbanki", "Ís")]
    [InlineData("微博", "微")]
    [InlineData("بانک ملی", "ب")]
    [InlineData("हिन्दी", "हि")]
    [InlineData("𠮷野家", "𠮷")]
    [InlineData("!?", "?")]
    public void Letters_are_of_the_name(string name, string letters) => Assert.Equal(letters, Monogram.LettersOf(name));

    [Fact]
    public void A_name_has_one_colour_and_names_have_all_of_them()
    {
        var tones = TestCatalog.Create().Services.Select(s => s.Name).Concat(Enumerable.Range(0, 200).Select(i => $"Name {i}")).Select(Monogram.ToneOf).ToList();

        Assert.All(tones, tone => Assert.InRange(tone, 0, Monogram.Tones - 1));
        Assert.Equal(Monogram.Tones, tones.Distinct().Count());
        // As on every other server, before and after.
        Assert.Equal([0, 4, 3], new[] { "ChatGPT", "Telegram", "X" }.Select(Monogram.ToneOf));
    }

    [Fact]
    public async Task Its_letters_are_legible_on_every_colour_in_light_and_dark()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var site = await app.Client.GetStringAsync(new Uri(SiteAssets.Path("site.css"), UriKind.Relative));
        var charts = await app.Client.GetStringAsync(new Uri(SiteAssets.Path("charts.css"), UriKind.Relative));
        var chroma = Numbers(site, @"background:oklch\(var\(--tone\) ([\d.]+) var\(--hue\)\)").Single();
        // Light first, then dark.
        var lightness = Numbers(site, @"--tone:(\d+)%");
        var paper = Regex.Matches(charts, "--paper:(#[0-9a-f]{6})", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(m => m.Groups[1].Value).ToList();
        var hues = Numbers(site, @"\.tone-\d\{--hue:(\d+)\}");

        Assert.Equal((2, 2, Monogram.Tones), (lightness.Count, paper.Count, hues.Count));
        for (var scheme = 0; scheme < 2; scheme++)
        {
            foreach (var hue in hues)
                Assert.InRange(Contrast(OfOklch(lightness[scheme] / 100, chroma, hue), OfHex(paper[scheme])), 4.5, 21);
        }
    }

    private static List<double> Numbers(string css, string pattern) =>
        [.. Regex.Matches(css, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    // WCAG 2.2, contrast ratio, of relative luminances.
    private static double Contrast(double one, double other) => (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);

    private static double OfHex(string hex) => Luminance(Channel(hex[1..3]), Channel(hex[3..5]), Channel(hex[5..7]));

    private static double Channel(string two)
    {
        var part = int.Parse(two, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }

    // CSS Color 4, section 10.9: OKLCH by OKLab and LMS to linear sRGB, which a screen cuts to what it can show.
    private static double OfOklch(double lightness, double chroma, double hue)
    {
        var (a, b) = (chroma * Math.Cos(hue * Math.PI / 180), chroma * Math.Sin(hue * Math.PI / 180));
        var l = Math.Pow(lightness + (0.3963377774 * a) + (0.2158037573 * b), 3);
        var m = Math.Pow(lightness - (0.1055613458 * a) - (0.0638541728 * b), 3);
        var s = Math.Pow(lightness - (0.0894841775 * a) - (1.2914855480 * b), 3);
        return Luminance(
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    private static double Luminance(double r, double g, double b) =>
        (0.2126 * Math.Clamp(r, 0, 1)) + (0.7152 * Math.Clamp(g, 0, 1)) + (0.0722 * Math.Clamp(b, 0, 1));
}
