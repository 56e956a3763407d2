using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>The fonts that pages must fit: the one that the machine shows, and two that stand for the ends of what readers have.</summary>
internal static class Typefaces
{
    /// <summary>Whatever the machine's own is.</summary>
    internal const string Own = "";

    /// <summary>As wide as the figures of the bold cuts of Verdana and DejaVu Sans, as high as fonts with tall marks: 20 pixels at 12.</summary>
    internal const string HighAndWide = "High and wide";

    private static readonly (string Name, byte[] File)[] s_made =
    [
        ("Low and narrow", BlockFont.Make(advance: 480, ascent: 800, descent: 200)),
        (HighAndWide, BlockFont.Make(advance: 700, ascent: 1250, descent: 400)),
    ];

    internal static IReadOnlyList<string> All { get; } = [Own, .. s_made.Select(m => m.Name)];

    /// <summary>Brings the made ones into a page.</summary>
    internal static async Task BringAsync(IPage page)
    {
        foreach (var (name, file) in s_made)
        {
            await page.EvaluateAsync(
                """
                async ([name, file]) => {
                  const font = new FontFace(name, Uint8Array.from(atob(file), c => c.charCodeAt(0)), { weight: '100 900' });
                  document.fonts.add(await font.load());
                }
                """, new[] { name, Convert.ToBase64String(file) });
        }
    }

    /// <summary>Shows a page, all of it, in one of them.</summary>
    internal static Task SetAsync(IPage page, string name) => page.EvaluateAsync(
        """
        name => {
          const sheet = new CSSStyleSheet();
          if (name) sheet.replaceSync(`* { font-family: "${name}" !important; }`);
          document.adoptedStyleSheets = [sheet];
        }
        """, name);
}
