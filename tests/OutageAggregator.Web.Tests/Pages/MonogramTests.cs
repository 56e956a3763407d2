using System.Text.RegularExpressions;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Tests.Pages;

public sealed partial class MonogramTests
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
        Assert.Equal([4, 2, 4], new[] { "ChatGPT", "Telegram", "X" }.Select(Monogram.ToneOf));
    }

    [Fact]
    public async Task Its_letters_are_legible_on_every_colour_in_light_and_dark()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var css = await app.Client.GetStringAsync(new Uri(SiteAssets.Path("site.css"), UriKind.Relative));
        var letters = OnTone().Matches(css).Select(m => m.Groups[1].Value).ToList();
        var tones = Tone().Matches(css).Select(m => m.Groups[1].Value).ToList();

        // Light first, then dark.
        Assert.Equal(2, letters.Count);
        Assert.Equal(2 * Monogram.Tones, tones.Count);
        foreach (var (index, tone) in tones.Index())
            Assert.True(Contrast(tone, letters[index / Monogram.Tones]) >= 4.5, $"{letters[index / Monogram.Tones]} on {tone}");
    }

    // WCAG 2.2, contrast ratio and relative luminance.
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string hex)
    {
        var full = hex.Length == 4 ? $"#{hex[1]}{hex[1]}{hex[2]}{hex[2]}{hex[3]}{hex[3]}" : hex;
        var (r, g, b) = (Channel(full[1..3]), Channel(full[3..5]), Channel(full[5..7]));
        return (0.2126 * r) + (0.7152 * g) + (0.0722 * b);

        static double Channel(string two)
        {
            var part = int.Parse(two, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d;
            return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }
    }

    [GeneratedRegex(@"--on-tone: (#[0-9a-f]+);")]
    private static partial Regex OnTone();

    [GeneratedRegex(@"--tone: (#[0-9a-f]+);")]
    private static partial Regex Tone();
}
