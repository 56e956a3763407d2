using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>The answer to the tap: it stands where the button was, on every phone, and stays.</summary>
public sealed class TapTests(Chromium chromium, Noon noon)
{
    private readonly (string Name, string Path) _service = noon.Give();

    public static TheoryData<int, int, string> Phones { get; } = new MatrixOf().Rows;

    [Theory]
    [MemberData(nameof(Phones))]
    public async Task The_receipt_stands_where_the_button_was_in_sight_and_with_the_focus(int width, int height, string way)
    {
        await using var context = await chromium.OpenAsync(width: width, touch: true, height: height);
        var page = await context.NewPageAsync();
        await page.GotoAsync(noon.Url(_service.Path));
        if (way == "text at 200 %")
            await page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
        if (way == "throttled")
            await Chromium.ThrottleAsync(context, page);
        var press = page.Down();
        await press.ScrollIntoViewIfNeededAsync();
        var button = (await press.BoundingBoxAsync())!;
        var panel = await PanelHeightAsync(page);
        await context.SetOfflineAsync(way == "offline");

        if (way == "keys")
        {
            await press.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
        }
        else
        {
            await press.TapAsync();
        }
        await Expect(page.Receipt()).ToContainTextAsync(
            way == "offline" ? "No connection. Your report of " : "Thank you, it's counted. Yours is the only report");

        var receipt = (await page.Receipt().BoundingBoxAsync())!;
        Assert.True(await page.Receipt().EvaluateAsync<bool>("r => r === document.activeElement"));
        Assert.Equal("status", await page.Receipt().GetAttributeAsync("role"));
        await Expect(press).ToBeHiddenAsync();
        // Where the button was; or as much higher as it takes to be seen whole.
        Assert.InRange(receipt.Y, Math.Max(0, Math.Min(button.Y, height - receipt.Height)) - 2, button.Y + 2);
        Assert.True(receipt.Height > height || receipt.Y + receipt.Height <= height + 1, $"{receipt.Y} + {receipt.Height} > {height}");
        if (way != "text at 200 %")
            Assert.Equal(panel, await PanelHeightAsync(page));
        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [Theory]
    [InlineData(320, 568)]
    [InlineData(568, 320)]
    [InlineData(360, 640)]
    [InlineData(640, 360)]
    [InlineData(390, 664)]
    [InlineData(664, 390)]
    [InlineData(412, 915)]
    [InlineData(915, 412)]
    public async Task Without_scripts_the_thanks_are_in_sight(int width, int height)
    {
        await using var context = await chromium.OpenAsync(scripts: false, width: width, touch: true, height: height);
        var page = await context.GoToAsync(noon.Url(_service.Path));

        await page.Down().TapAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("Thank you, it's counted");
        await Expect(page.Locator("h1")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(page.Locator(".lede")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(page.Locator(".lede")).ToContainTextAsync("Yours is the only report of the last 15 minutes so far");
        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [Theory]
    [InlineData(320, 568, "")]
    [InlineData(844, 390, "")]
    [InlineData(390, 664, "?region=IT")]
    [InlineData(412, 915, "?region=ES")]
    [InlineData(1100, 800, "")]
    public async Task No_figure_and_no_sentence_says_less_than_the_receipt(int width, int height, string query)
    {
        await using var context = await chromium.OpenAsync(width: width, height: height);
        var page = await context.GoToAsync(noon.Url(_service.Path + query));
        // What comes after it is held: what is on the screen with the receipt is the script's.
        var held = new TaskCompletionSource();
        await page.RouteAsync(noon.Url(_service.Path + query), async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });

        await page.Down().ClickAsync();

        await Expect(page.Receipt()).ToContainTextAsync("Yours is the only report");
        Assert.Equal("1", await page.Reports().TextContentAsync());
        await Expect(page.Locator("[data-live=situation] .lede")).ToContainTextAsync($"1 report of trouble with {_service.Name}");
        held.SetResult();
        await page.UnrouteAllAsync();
        await Expect(page.Locator("[data-live=situation] .lede")).ToContainTextAsync($"1 report of trouble with {_service.Name}");
        await Expect(page.Reports()).ToHaveTextAsync("1");
        await page.TakeBack().ClickAsync();
        await Expect(page.Receipt()).ToHaveTextAsync("Taken back.");
        await Expect(page.Locator("[data-live=situation] .lede")).ToContainTextAsync("obody reported trouble");
        await Expect(page.Reports()).ToHaveTextAsync("0");
    }

    [Theory]
    [InlineData("reload")]
    [InlineData("back")]
    [InlineData("back without the page in memory")]
    [InlineData("another tab")]
    [InlineData("closed and opened")]
    public async Task The_receipt_survives(string what)
    {
        await using var context = await chromium.OpenAsync(width: 390, touch: true, height: 664);
        var page = await context.NewPageAsync();
        if (what == "back without the page in memory")
            await page.AddInitScriptAsync("addEventListener('unload', () => { })");
        await page.GotoAsync(noon.Url(_service.Path));
        await page.Down().TapAsync();
        await Expect(page.Receipt()).ToContainTextAsync("Thank you");

        if (what == "reload")
        {
            await page.ReloadAsync();
        }
        else if (what.StartsWith("back", StringComparison.Ordinal))
        {
            await page.GotoAsync(noon.Url("/privacy"));
            await page.GoBackAsync();
        }
        else
        {
            var other = await context.NewPageAsync();
            if (what == "closed and opened")
                await page.CloseAsync();
            page = other;
            await page.GotoAsync(noon.Url(_service.Path));
        }

        await Expect(page.Receipt()).ToContainTextAsync(what == "back" ? "it" : "You reported at 12:");
        await Expect(page.Down()).ToBeHiddenAsync();
        await page.TakeBack().TapAsync();
        await Expect(page.Receipt()).ToHaveTextAsync("Taken back.");
        Assert.True(await page.Receipt().EvaluateAsync<bool>("r => r === document.activeElement"));
        await Expect(page.Down()).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.Receipt()).ToHaveCountAsync(0);
        Assert.Empty(await context.CookiesAsync());
    }

    [Fact]
    public async Task A_second_tap_on_a_page_that_was_open_already_still_offers_to_take_the_report_back()
    {
        await using var context = await chromium.OpenAsync();
        var first = await context.NewPageAsync();
        await first.GotoAsync(noon.Url(_service.Path));
        var second = await context.NewPageAsync();
        await second.GotoAsync(noon.Url(_service.Path));
        // It hears of the first one no sooner than it is tapped.
        await second.EvaluateAsync("() => addEventListener('storage', e => e.stopImmediatePropagation(), true)");
        await first.Down().ClickAsync();
        await Expect(first.Receipt()).ToContainTextAsync("Thank you");

        await second.EvaluateAsync("() => { const p = document.querySelector('[data-press]'); p.hidden = false; p.click(); }");

        await Expect(second.TakeBack()).ToBeVisibleAsync();
        await second.TakeBack().ClickAsync();
        await Expect(second.Receipt()).ToHaveTextAsync("Taken back.");
        // The other page is told.
        await Expect(first.Down()).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_receipt_stays_as_it_is_with_the_focus_on_it_as_time_goes_by()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(noon.Url(_service.Path));
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("Yours is the only report");
        var told = await page.Receipt().TextContentAsync();
        await page.TakeBack().FocusAsync();

        // Each minute the page looks whether its receipt has expired.
        await page.Clock.RunForAsync(150_000);
        await page.EvaluateAsync("() => dispatchEvent(new Event('storage'))");

        Assert.Equal(told, await page.Receipt().TextContentAsync());
        Assert.Equal("Take it back", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await page.Clock.RunForAsync(31 * 60_000);
        await Expect(page.Down()).ToBeVisibleAsync();
        Assert.Equal("It's down for me", await page.EvaluateAsync<string>("() => document.activeElement.textContent.trim()"));
    }

    [Fact]
    public async Task A_receipt_is_gone_from_the_browser_after_a_day()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await page.Down().ClickAsync();
        await Expect(page.TakeBack()).ToBeVisibleAsync();
        await page.EvaluateAsync("() => { const kept = JSON.parse(localStorage['receipts /']); kept[0].at -= 24.1 * 3600000; localStorage['receipts /'] = JSON.stringify(kept); }");

        await page.GotoAsync(noon.Url("/privacy"));

        await page.WaitForFunctionAsync("() => localStorage['receipts /'] === undefined");
    }

    [Fact]
    public async Task A_report_by_the_plain_form_is_known_to_the_script_afterwards()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        // The part that answers in place does not come through.
        await page.RouteAsync("**/assets/tap-*", route => route.AbortAsync());
        await page.GotoAsync(noon.Url(_service.Path));
        await page.Down().ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Thank you, it's counted");
        await page.UnrouteAllAsync();
        await page.ReloadAsync();
        await Expect(page).ToHaveURLAsync(noon.Url($"{_service.Path}/report?region=IT#receipt"));

        await page.GotoAsync(noon.Url(_service.Path));
        await page.TakeBack().ClickAsync();
        await Expect(page.Receipt()).ToHaveTextAsync("Taken back.");
    }

    private static Task<int> PanelHeightAsync(IPage page) => page.EvaluateAsync<int>("() => document.querySelector('.report').offsetHeight");

    /// <summary>Every phone, in both orientations, in every way.</summary>
    private sealed class MatrixOf
    {
        internal TheoryData<int, int, string> Rows { get; } = [];

        internal MatrixOf()
        {
            foreach (var (width, height) in new[] { (320, 568), (360, 640), (390, 664), (412, 915) })
            {
                foreach (var way in new[] { "finger", "keys", "throttled", "text at 200 %", "offline" })
                {
                    Rows.Add(width, height, way);
                    Rows.Add(height, width, way);
                }
            }
        }
    }
}
