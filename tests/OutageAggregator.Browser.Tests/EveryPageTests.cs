using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests;

/// <summary>What holds for every page, on a desk and on the smallest phone.</summary>
public sealed class EveryPageTests(Chromium chromium, PageWorldFixture world)
{
    public static TheoryData<string> Addresses { get; } =
    [
        "/", "/?query=chatgbt", "/?query=nothing+like+it", "/?category=ai", "/services/chatgpt", "/services/chatgpt?region=IT", "/services/openai",
        "/services/chatgpt?range=7d", "/services/chatgpt?range=13mo&problem=login", "/services/chatgpt?region=IT&problem=login&range=2w",
        "/services/claude", "/services/claude/report", "/services/claude/report?reported=duplicate&kind=down&until=2024-11-09T00:40:00Z",
        "/incidents/chatgpt-1", "/incidents/chatgpt-2", "/archive", "/methodology", "/methodology/track-record", "/shadow", "/privacy", "/developers",
        "/zones?to=/services/chatgpt", "/services/chatgpt?zone=Pacific/Chatham", "/incidents/chatgpt-1?zone=America/Argentina/Buenos_Aires", "/?zone=Nowhere/None",
        "/offline", "/propose?name=Foo+Bank", "/services/claude/report?zone=Europe/Rome",
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task It_fits_from_320_pixels_on_in_any_font_and_both_directions_with_every_word_of_its_charts(string address)
    {
        await using var context = await chromium.OpenAsync(width: 320);
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url(address));
        await UnfoldAsync(page);
        await Typefaces.BringAsync(page);
        // Right-to-left languages use the same sheets.
        foreach (var (width, direction) in new[] { (320, "ltr"), (768, "ltr"), (1600, "ltr"), (320, "rtl") })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EvaluateAsync("direction => { document.documentElement.dir = direction; }", direction);
            foreach (var font in new[] { Typefaces.Own, Typefaces.HighAndWide })
            {
                await Typefaces.SetAsync(page, font);

                Assert.Equal((font, width), (font, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")));
                Assert.Empty(await ChartLabels.MisplacedAsync(page));
            }
        }
    }

    [Fact]
    public async Task The_way_past_the_masthead_is_the_first_stop_of_the_keyboard()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/chatgpt"));

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    // What is folded away must be accessible and fit, too.
    internal static Task UnfoldAsync(IPage page) =>
        page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
}
