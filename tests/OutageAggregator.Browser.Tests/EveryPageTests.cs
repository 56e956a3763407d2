using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests;

/// <summary>What holds for every page, in both colour schemes, on a desk and on the smallest phone.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class EveryPageTests(Chromium chromium, PageWorldFixture world) : IClassFixture<PageWorldFixture>
{
    private const string WordsOutsideCharts =
        """
        () => [...document.querySelectorAll('svg.spike')].flatMap(svg => {
          const box = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter(t => {
            const b = t.getBoundingClientRect();
            return b.width > 0 && (b.left < box.left - 2 || b.right > box.right + 2 || b.top < box.top - 2 || b.bottom > box.bottom + 2);
          }).map(t => t.textContent);
        })
        """;

    public static TheoryData<string> Addresses { get; } =
    [
        "/", "/?query=chatgbt", "/?query=nothing+like+it", "/?category=ai", "/services/chatgpt", "/services/chatgpt?region=IT", "/services/openai",
        "/services/claude", "/services/claude/report", "/services/claude/report?reported=duplicate&kind=down&until=2024-11-09T00:40:00Z",
        "/incidents/chatgpt-1", "/incidents/chatgpt-2", "/archive", "/methodology", "/methodology/track-record", "/shadow", "/privacy", "/developers",
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task It_is_accessible_in_light_and_dark_and_complains_of_nothing(string address)
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        var complaints = Complaints.Of(page, world.Address);
        await page.GotoAsync(world.Url(address));
        await UnfoldAsync(page);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });

            var found = await page.RunAxe();

            Assert.Empty(found.Violations.SelectMany(v => v.Nodes.Select(n => $"{scheme} {v.Id}: {v.Help}: {n.Html}")));
        }
        Assert.Empty(complaints.Lines);
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task It_fits_from_320_pixels_on_in_both_directions_with_every_word_of_its_charts(string address)
    {
        await using var context = await chromium.OpenAsync(width: 320);
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url(address));
        await UnfoldAsync(page);
        foreach (var width in new[] { 320, 768, 1600 })
        {
            await page.SetViewportSizeAsync(width, 900);

            Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
            Assert.Empty(await page.EvaluateAsync<string[]>(WordsOutsideCharts));
        }
        // Right-to-left languages use the same sheets.
        await page.EvaluateAsync("() => { document.documentElement.dir = 'rtl'; }");
        await page.SetViewportSizeAsync(320, 900);
        Assert.Equal(320, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(WordsOutsideCharts));
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

    [Fact]
    public async Task A_missing_page_is_accessible_as_well()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        var answer = await page.GotoAsync(world.Url("/services/chatgtp"));

        var found = await page.RunAxe();

        Assert.Equal(404, answer!.Status);
        Assert.Empty(found.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}")));
        Assert.Equal("ChatGPT", await page.Locator("main li a").First.TextContentAsync());
    }

    // What is folded away must be accessible and fit, too.
    private static Task UnfoldAsync(IPage page) =>
        page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
}
