using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OutageAggregator.Runtime;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>The answer to the tap: it stands where the button was, on every phone, and stays.</summary>
public sealed class TapTests(Chromium chromium) : IAsyncLifetime
{
    private WebApp _app = null!;

    public static TheoryData<int, int, string> Phones { get; } = new MatrixOf().Rows;

    public async ValueTask InitializeAsync()
    {
        var noon = new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
        _app = await WebApp.StartAsync(services => services.AddSingleton<TimeProvider>(new SimulatedClock(noon, 1, TimeProvider.System)));
        await _app.Services.GetRequiredService<ICountStore>().ObserveAsync(new MinuteRange(Minute.Of(noon.AddDays(-7)), Minute.Of(noon)), default);
    }

    [Theory]
    [MemberData(nameof(Phones))]
    public async Task The_receipt_stands_where_the_button_was_in_sight_and_with_the_focus(int width, int height, string way)
    {
        await using var context = await chromium.OpenAsync(width: width, touch: true, height: height);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url("/services/claude"));
        if (way == "text at 200 %")
            await page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
        if (way == "throttled")
            await ThrottleAsync(context, page);
        var press = Down(page);
        await press.ScrollIntoViewIfNeededAsync();
        var button = (await press.BoundingBoxAsync())!;
        var panel = await PanelHeightAsync(page);

        if (way == "keys")
        {
            await press.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
        }
        else
        {
            await press.TapAsync();
        }
        await Expect(Receipt(page)).ToContainTextAsync("Thank you, it's counted. Yours is the only report");

        var receipt = (await Receipt(page).BoundingBoxAsync())!;
        Assert.True(await Receipt(page).EvaluateAsync<bool>("r => r === document.activeElement"));
        Assert.Equal("status", await Receipt(page).GetAttributeAsync("role"));
        await Expect(press).ToBeHiddenAsync();
        // Where the button was; or as much higher as it takes to be seen whole.
        Assert.InRange(receipt.Y, Math.Max(0, Math.Min(button.Y, height - receipt.Height)) - 2, button.Y + 2);
        Assert.True(receipt.Height > height || receipt.Y + receipt.Height <= height + 1, $"{receipt.Y} + {receipt.Height} > {height}");
        if (way != "text at 200 %")
            Assert.Equal(panel, await PanelHeightAsync(page));
        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
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
        await page.GotoAsync(Url("/services/claude"));
        await Down(page).TapAsync();
        await Expect(Receipt(page)).ToContainTextAsync("Thank you");

        if (what == "reload")
        {
            await page.ReloadAsync();
        }
        else if (what.StartsWith("back", StringComparison.Ordinal))
        {
            await page.GotoAsync(Url("/privacy"));
            await page.GoBackAsync();
        }
        else
        {
            var other = await context.NewPageAsync();
            if (what == "closed and opened")
                await page.CloseAsync();
            page = other;
            await page.GotoAsync(Url("/services/claude"));
        }

        await Expect(Receipt(page)).ToContainTextAsync(what == "back" ? "it" : "You reported at 12:");
        await Expect(Down(page)).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).TapAsync();
        await Expect(Receipt(page)).ToHaveTextAsync("Taken back.");
        Assert.True(await Receipt(page).EvaluateAsync<bool>("r => r === document.activeElement"));
        await Expect(Down(page)).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(Receipt(page)).ToHaveCountAsync(0);
        Assert.Empty(await context.CookiesAsync());
    }

    [Fact]
    public async Task A_second_tap_on_a_page_that_was_open_already_still_offers_to_take_the_report_back()
    {
        await using var context = await chromium.OpenAsync();
        var first = await context.NewPageAsync();
        await first.GotoAsync(Url("/services/claude"));
        var second = await context.NewPageAsync();
        await second.GotoAsync(Url("/services/claude"));
        // It hears of the first one no sooner than it is tapped.
        await second.EvaluateAsync("() => addEventListener('storage', e => e.stopImmediatePropagation(), true)");
        await Down(first).ClickAsync();
        await Expect(Receipt(first)).ToContainTextAsync("Thank you");

        await second.EvaluateAsync("() => { const p = document.querySelector('[data-press]'); p.hidden = false; p.click(); }");

        await Expect(second.GetByRole(AriaRole.Button, new() { Name = "Take it back" })).ToBeVisibleAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Expect(Receipt(second)).ToHaveTextAsync("Taken back.");
        // The other page is told.
        await Expect(Down(first)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task More_is_said_after_the_tap_each_thing_once()
    {
        await using var context = await chromium.OpenAsync(width: 390, touch: true, height: 664, zone: "UTC");
        var page = await context.NewPageAsync();
        var complaints = Complaints.Of(page, _app.Address);
        await page.GotoAsync(Url("/services/claude"));
        await Down(page).TapAsync();
        await Expect(Receipt(page)).ToContainTextAsync("Thank you");

        await page.GetByText("Say more").TapAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).TapAsync();
        await Expect(Receipt(page)).ToContainTextAsync("Choose or write something first");
        await page.GetByLabel("I can't log in").CheckAsync();
        await page.GetByLabel("Android app").CheckAsync();
        await page.GetByLabel("Country or territory").SelectOptionAsync("IT");
        await page.GetByLabel("In your words").FillAsync("The code never comes");
        await page.GetByLabel("Where did you go instead?").FillAsync("no such thing");
        await page.GetByLabel("Yes").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).TapAsync();

        await Expect(Receipt(page)).ToContainTextAsync("Thank you, it's added. No service is called 'no such thing'.");
        Assert.True(await Receipt(page).EvaluateAsync<bool>("r => r === document.activeElement"));
        await page.GetByText("Say more").TapAsync();
        // What was not understood can be said again, and nothing else.
        await Expect(page.Locator("[data-report] .field:visible")).ToHaveCountAsync(1);
        await page.GetByLabel("Where did you go instead?").FillAsync("Gemini");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).TapAsync();
        await Expect(page.GetByText("Say more")).ToBeHiddenAsync();
        await Expect(page.Locator("[aria-labelledby=problems] .bars")).ToContainTextAsync("Log-in");
        await Expect(page.Locator("[aria-labelledby=regions] .bars")).ToContainTextAsync("Italy");
        await Expect(page.Locator(".vitals dd").First).ToHaveTextAsync("1");
        await page.ReloadAsync();
        await Expect(Receipt(page)).ToContainTextAsync("You reported at");
        await Expect(page.GetByText("Say more")).ToBeHiddenAsync();
        Assert.Empty(complaints.Lines);
    }

    [Fact]
    public async Task Back_for_me_is_thanked_and_leaves_the_other_button()
    {
        await using var context = await chromium.OpenAsync(width: 320, touch: true, height: 568);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url("/services/claude"));

        await page.GetByRole(AriaRole.Button, new() { Name = "It's back for me" }).TapAsync();

        await Expect(Receipt(page)).ToContainTextAsync("Thank you. It is counted that it works again for you. Thank you for telling that Claude works again for you.");
        await Expect(Receipt(page)).Not.ToContainTextAsync("just you");
        await Expect(Receipt(page)).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(Down(page)).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(Receipt(page)).ToContainTextAsync("that it's back. Thank you.");
    }

    [Theory]
    [InlineData(320, 568)]
    [InlineData(360, 640)]
    [InlineData(390, 664)]
    [InlineData(664, 390)]
    public async Task Without_scripts_the_receipt_has_an_address_that_stays_and_takes_more(int width, int height)
    {
        await using var context = await chromium.OpenAsync(scripts: false, width: width, touch: true, height: height);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url("/services/claude"));
        await Down(page).TapAsync();

        var title = page.Locator("h1");
        await Expect(title).ToHaveTextAsync("Thank you, it's counted");
        await Expect(title).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take the report back" })).ToBeInViewportAsync();
        await Expect(page.Locator("h1:target")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(title).ToHaveTextAsync("Thank you, it's counted");

        await page.GetByLabel("I can't log in").CheckAsync();
        await page.GetByLabel("Where did you go instead?").FillAsync("Gemini");
        await page.GetByLabel("No", new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).TapAsync();
        await Expect(title).ToHaveTextAsync("Thank you, it's added");
        await Expect(title).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.GetByText("Say more").TapAsync();
        Assert.Equal(["surface", "region", "comment"], await page.Locator("[data-field]").EvaluateAllAsync<string[]>("f => f.map(e => e.dataset.field)"));

        // A page that was left and come back to, and a second press.
        await page.GoBackAsync();
        await page.GoBackAsync();
        await Down(page).TapAsync();
        await Expect(title).ToHaveTextAsync("You are already counted");
        await page.GoBackAsync();
        await page.GoForwardAsync();
        await Expect(title).ToHaveTextAsync("You are already counted");
    }

    [Fact]
    public async Task A_report_by_the_plain_form_is_known_to_the_script_afterwards()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        // The part that answers in place does not come through.
        await page.RouteAsync("**/assets/tap-*", route => route.AbortAsync());
        await page.GotoAsync(Url("/services/claude"));
        await Down(page).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Thank you, it's counted");
        await page.UnrouteAllAsync();
        await page.ReloadAsync();
        await Expect(page).ToHaveURLAsync(Url("/services/claude/report?region=IT#receipt"));

        await page.GotoAsync(Url("/services/claude"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Expect(Receipt(page)).ToHaveTextAsync("Taken back.");
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal static async Task ThrottleAsync(IBrowserContext context, IPage page)
    {
        var session = await context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = 400,
            ["downloadThroughput"] = 50_000,
            ["uploadThroughput"] = 50_000,
        });
    }

    private static ILocator Down(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "It's down for me" });

    private static ILocator Receipt(IPage page) => page.Locator("[data-receipt]");

    private static Task<int> PanelHeightAsync(IPage page) => page.EvaluateAsync<int>("() => document.querySelector('.report').offsetHeight");

    private string Url(string address) => new Uri(_app.Address, address).ToString();

    /// <summary>Every phone in both orientations by finger, and the other ways on one of them.</summary>
    private sealed class MatrixOf
    {
        internal TheoryData<int, int, string> Rows { get; } = [];

        internal MatrixOf()
        {
            foreach (var (width, height) in new[] { (320, 568), (360, 640), (390, 664), (412, 915) })
            {
                Rows.Add(width, height, "finger");
                Rows.Add(height, width, "finger");
            }
            foreach (var way in new[] { "keys", "throttled", "text at 200 %" })
            {
                Rows.Add(320, 568, way);
                Rows.Add(390, 664, way);
            }
        }
    }
}
