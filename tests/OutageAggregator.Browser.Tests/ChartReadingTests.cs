using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>The values of a chart under a finger, by the keys, and without scripts.</summary>
public sealed class ChartReadingTests(Chromium chromium, PageWorldFixture world)
{
    private const string Idle = "Times in UTC";

    // Of the 289 steps of 5 minutes the last one began at 00:20.
    private const int Steps = 289;

    [Theory]
    [InlineData(320, 568)]
    [InlineData(390, 664)]
    public async Task A_tap_reads_a_value_off_which_stays_until_the_next_one_and_moves_nothing(int width, int height)
    {
        await using var context = await chromium.OpenAsync(width: width, height: height, zone: "UTC", touch: true);
        var (page, readout, plot) = await OpenAsync(context);
        var before = await plot.BoundingBoxAsync();

        await page.Touchscreen.TapAsync(At(before!, 286), before!.Y + 100);
        await Expect(readout).ToHaveTextAsync("9 Nov 2024, 00:10 UTC: 251 reports, usual 0.5");
        Assert.Equal(before.Y, (await plot.BoundingBoxAsync())!.Y, 0.5f);
        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));

        await page.Touchscreen.TapAsync(At(before, 0), before.Y + 100);
        await Expect(readout).ToHaveTextAsync("8 Nov 2024, 00:20 UTC: 1 report, usual 0.5");
        await page.Touchscreen.TapAsync(before.X + 20, before.Y + before.Height + 20);
        await Expect(readout).ToHaveTextAsync(Idle);
        Assert.Equal(before.Y, (await plot.BoundingBoxAsync())!.Y, 0.5f);
    }

    [Fact]
    public async Task A_finger_that_is_drawn_along_the_chart_reads_every_value_under_it()
    {
        await using var context = await chromium.OpenAsync(width: 390, zone: "UTC", touch: true);
        var (page, readout, plot) = await OpenAsync(context);
        var box = (await plot.BoundingBoxAsync())!;
        var fingers = await context.NewCDPSessionAsync(page);

        await TouchAsync("touchStart", At(box, 40));
        await Expect(readout).ToContainTextAsync("8 Nov 2024, 03:40 UTC:");
        await TouchAsync("touchMove", At(box, 141));
        await Expect(readout).ToContainTextAsync("8 Nov 2024, 12:05 UTC:");
        await TouchAsync("touchMove", At(box, 283));
        await Expect(readout).ToContainTextAsync("8 Nov 2024, 23:55 UTC:");
        await fingers.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() });
        // Lifted, it no longer hides what there was to read.
        await Expect(readout).ToContainTextAsync("8 Nov 2024, 23:55 UTC:");

        Task TouchAsync(string kind, float x) => fingers.SendAsync("Input.dispatchTouchEvent", new()
        {
            ["type"] = kind,
            ["touchPoints"] = new object[] { new Dictionary<string, object> { ["x"] = x, ["y"] = box.Y + 120 } },
        });
    }

    [Fact]
    public async Task The_keyboard_stops_at_the_chart_and_reads_every_value_off()
    {
        await using var context = await chromium.OpenAsync(zone: "UTC");
        var (page, readout, plot) = await OpenAsync(context);

        await page.Locator(".ranges a").Last.FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(plot).ToBeFocusedAsync();
        await Expect(readout).ToHaveTextAsync("9 Nov 2024, 00:20 UTC: 101 reports, usual 0.2");
        foreach (var (key, value) in new[]
        {
            ("ArrowLeft", "9 Nov 2024, 00:15 UTC: 250 reports, usual 0.5"), ("Home", "8 Nov 2024, 00:20 UTC: 1 report, usual 0.5"),
            ("ArrowLeft", "8 Nov 2024, 00:20 UTC: 1 report, usual 0.5"), ("PageUp", "8 Nov 2024, 01:20 UTC: 1 report, usual 0.5"),
            ("ArrowRight", "8 Nov 2024, 01:25 UTC: 0 reports, usual 0.5"), ("End", "9 Nov 2024, 00:20 UTC: 101 reports, usual 0.2"),
        })
        {
            await page.Keyboard.PressAsync(key);
            await Expect(readout).ToHaveTextAsync(value);
            await Expect(plot).ToHaveAttributeAsync("aria-valuetext", value);
        }
        await Expect(plot).ToHaveAttributeAsync("aria-valuenow", $"{Steps - 1}");
        await Expect(page.GetByRole(AriaRole.Slider, new() { Name = "Reports about ChatGPT, the last 24 hours" })).ToHaveCountAsync(1);
        await Axe.BringAsync(page);
        Assert.Empty(await Axe.ViolationsAsync(page));
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(readout).ToHaveTextAsync(Idle);
    }

    [Fact]
    public async Task What_is_read_is_heard_once()
    {
        await using var context = await chromium.OpenAsync(zone: "UTC");
        var (page, readout, plot) = await OpenAsync(context);

        await Expect(readout).ToHaveAttributeAsync("aria-live", "polite");
        await plot.FocusAsync();
        // The slider says its own value.
        await Expect(readout).ToHaveAttributeAsync("aria-live", "off");
        await plot.HoverAsync();
        await Expect(readout).ToHaveAttributeAsync("aria-live", "polite");
    }

    [Fact]
    public async Task What_is_read_stays_read_and_focused_while_numbers_move()
    {
        await using var context = await chromium.OpenAsync(zone: "UTC");
        var (page, readout, plot) = await OpenAsync(context);
        await plot.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.RouteAsync("**/services/chatgpt", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = (await answer.TextAsync()).Replace(",250:0.5,", ",333:0.5,", StringComparison.Ordinal) });
        });

        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");

        await Expect(readout).ToHaveTextAsync("9 Nov 2024, 00:15 UTC: 333 reports, usual 0.5");
        await Expect(plot).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("?range=13mo", "8 Nov 2024: ")]
    // Days are kept as days of UTC: where it is another time when they begin, it is told.
    [InlineData("?range=13mo&zone=Asia/Kathmandu", "8 Nov 2024, 05:45 UTC+5:45: ")]
    [InlineData("?range=13mo&zone=America/Los_Angeles", "7 Nov 2024, 16:00 UTC−8: ")]
    [InlineData("?range=7d&zone=Europe/Rome", "9 Nov 2024, 00:30 UTC+1: ")]
    [InlineData("?range=30d", "8 Nov 2024, 22:00 UTC: ")]
    public async Task A_step_of_any_range_is_read_in_the_zone_of_the_page(string query, string start)
    {
        await using var context = await chromium.OpenAsync(zone: "UTC");
        var (page, readout, plot) = await OpenAsync(context, query);

        await plot.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");

        await Expect(readout).ToContainTextAsync(start);
    }

    [Fact]
    public async Task Without_scripts_links_lead_to_every_range_and_the_table_has_the_values()
    {
        await using var context = await chromium.OpenAsync(scripts: false, width: 320);
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/chatgpt?region=IT"));

        await page.GetByRole(AriaRole.Link, new() { Name = "7 days" }).ClickAsync();
        Assert.Equal(world.Url("/services/chatgpt?region=IT&range=7d"), page.Url);
        Assert.Equal("The last 7 days from Italy", await page.Locator("figure h2").TextContentAsync());
        Assert.Equal(0, await page.Locator(".plot[tabindex]").CountAsync());
        await page.Locator("[data-keep=day-table] summary").ClickAsync();
        // Four hours each.
        Assert.InRange(await page.Locator("figure tbody tr").CountAsync(), 42, 43);
        Assert.Equal("1,000", await page.Locator("figure tbody tr").Last.Locator("td").First.TextContentAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "Log-in" }).ClickAsync();
        Assert.Equal(world.Url("/services/chatgpt?region=IT&range=7d&problem=login"), page.Url);
    }

    private async Task<(IPage Page, ILocator Readout, ILocator Plot)> OpenAsync(IBrowserContext context, string query = "")
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url($"/services/chatgpt{query}"));
        var plot = page.Locator(".plot");
        await Expect(plot).ToHaveAttributeAsync("tabindex", "0");
        await plot.ScrollIntoViewIfNeededAsync();
        return (page, page.Locator("[data-readout]"), plot);
    }

    private static float At(LocatorBoundingBoxResult box, int step) => box.X + (box.Width * (step + 0.5f) / Steps);
}
