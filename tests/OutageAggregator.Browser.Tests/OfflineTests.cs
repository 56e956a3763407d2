using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OutageAggregator.Runtime;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>The tap without a connection: it is kept, it is said that it is, and it is counted once.</summary>
public sealed class OfflineTests(Chromium chromium) : IAsyncLifetime
{
    private WebApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        var noon = new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
        _app = await WebApp.StartAsync(services => services
            .AddSingleton(new LimitSettings { ReadsPerMinute = 0, ReportsPerMinute = 0 })
            .AddSingleton<TimeProvider>(new SimulatedClock(noon, 1, TimeProvider.System)));
        await _app.Services.GetRequiredService<ICountStore>().ObserveAsync(new MinuteRange(Minute.Of(noon.AddDays(-7)), Minute.Of(noon)), default);
    }

    [Theory]
    [InlineData("the page stays open")]
    [InlineData("the page is closed")]
    [InlineData("another page is opened")]
    public async Task A_tap_offline_is_kept_and_sent_when_there_is_a_connection(string then)
    {
        await using var context = await chromium.OpenAsync(width: 390, touch: true, height: 664);
        var page = await OpenAsync(context, "/services/claude");
        await context.SetOfflineAsync(true);
        await Down(page).TapAsync();

        await Expect(Receipt(page)).ToContainTextAsync("No connection. Your report of ");
        await Expect(Receipt(page)).ToContainTextAsync("is kept on this device and sent as soon as this site can be reached");
        Assert.True(await Receipt(page).EvaluateAsync<bool>("r => r === document.activeElement"));
        await Expect(Receipt(page)).ToBeInViewportAsync(new() { Ratio = 1 });

        if (then == "the page stays open")
        {
            await context.SetOfflineAsync(false);
        }
        else
        {
            var other = await context.NewPageAsync();
            await page.CloseAsync();
            page = other;
            await context.SetOfflineAsync(false);
            await page.GotoAsync(Url(then == "the page is closed" ? "/services/claude" : "/privacy"));
        }
        if (then == "another page is opened")
        {
            await Expect(page.Locator(".toast")).ToHaveTextAsync("Claude: Thank you, it's counted.");
            await page.Locator(".toast a").TapAsync();
            await Expect(Receipt(page)).ToContainTextAsync("You reported at 12:");
        }
        else
        {
            await Expect(Receipt(page)).ToContainTextAsync("Thank you, it's counted.");
        }
        await Expect(Reports(page)).ToHaveTextAsync("1");
        // And it can be taken back.
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).TapAsync();
        await Expect(Receipt(page)).ToHaveTextAsync("Taken back.");
        await Expect(Reports(page)).ToHaveTextAsync("0");
    }

    [Theory]
    [InlineData(10, "", true)]
    [InlineData(180, "It is on the chart as told late.", true)]
    [InlineData(1_300, "It is on the chart as told late.", true)]
    [InlineData(1_441, "that is too old to be counted, and it was not sent", false)]
    public async Task What_waited_is_sent_with_the_time_at_which_it_was_pressed(int minutes, string told, bool isSent)
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context, "/services/claude");
        await context.SetOfflineAsync(true);
        await Down(page).ClickAsync();
        await Expect(Receipt(page)).ToContainTextAsync("No connection");
        await RewriteAsync(page, $"t => {{ t.at -= {minutes} * 60000; }}");
        string? sent = null;
        page.Request += (_, request) => sent = request.Method == "POST" ? request.PostData : sent;
        var pressed = DateTimeOffset.UtcNow;

        await context.SetOfflineAsync(false);

        await Expect(Receipt(page)).ToContainTextAsync(minutes == 10 ? "It is on the chart as told late." : told);
        Assert.Equal(isSent, sent is not null);
        if (isSent)
        {
            // By the server's clock, which is years behind this device's.
            var at = DateTimeOffset.Parse(System.Web.HttpUtility.ParseQueryString(sent!)["occurredAt"]!, CultureInfo.InvariantCulture);
            var now = _app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            Assert.InRange(now.AddMinutes(-minutes) - at, TimeSpan.FromSeconds(-3), DateTimeOffset.UtcNow - pressed + TimeSpan.FromSeconds(63));
        }
        else
        {
            await Expect(Down(page)).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_tap_whose_answer_was_lost_is_sent_again_and_counted_once()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context, "/services/claude");
        await page.RouteAsync("**/api/v1/reports", async route =>
        {
            _ = await route.FetchAsync();
            await route.AbortAsync("connectionreset");
        });
        await Down(page).ClickAsync();
        await Expect(Receipt(page)).ToContainTextAsync("No connection");
        await page.UnrouteAllAsync();

        await page.ReloadAsync();

        await Expect(Receipt(page)).ToContainTextAsync("You are already counted");
        await Expect(Reports(page)).ToHaveTextAsync("1");
        Assert.Equal(0, await WaitingAsync(page));
    }

    [Fact]
    public async Task What_may_have_been_counted_is_not_sent_again_once_the_server_no_longer_knows_by_whom()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context, "/services/claude");
        await page.RouteAsync("**/api/v1/reports", route => route.AbortAsync("connectionreset"));
        await Down(page).ClickAsync();
        await Expect(Receipt(page)).ToContainTextAsync("No connection");
        await page.UnrouteAllAsync();
        await RewriteAsync(page, "t => { t.at -= 31 * 60000; t.tried -= 31 * 60000; }");

        await page.ReloadAsync();

        await Expect(Receipt(page)).ToContainTextAsync("whether it was counted is not known. It is not sent again");
        await Expect(Down(page)).ToBeVisibleAsync();
        await Expect(Reports(page)).ToHaveTextAsync("0");
    }

    [Fact]
    public async Task A_server_that_takes_nothing_just_now_is_asked_again_and_a_refusal_is_told()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context, "/services/claude");
        await page.RouteAsync("**/api/v1/reports", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = "{}" }));
        await Down(page).ClickAsync();
        await Expect(Receipt(page)).ToContainTextAsync("is kept on this device");
        await page.UnrouteAllAsync();
        await page.RouteAsync("**/api/v1/reports", route => route.FulfillAsync(new()
        {
            Status = 400,
            ContentType = "application/problem+json",
            Body = """{"title":"Something in the request can't be used","detail":"occurredAt: too early"}""",
        }));

        await page.ReloadAsync();

        await Expect(Receipt(page)).ToHaveTextAsync("Something in the request can't be used. occurredAt: too early");
        await Expect(Down(page)).ToBeVisibleAsync();
        Assert.Equal(0, await WaitingAsync(page));
    }

    [Fact]
    public async Task A_tap_that_waits_can_be_called_back_and_more_can_be_said_with_it()
    {
        await using var context = await chromium.OpenAsync(zone: "UTC");
        var page = await OpenAsync(context, "/services/claude");
        await context.SetOfflineAsync(true);
        await Down(page).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Don't send it" }).ClickAsync();
        await Expect(Receipt(page)).ToHaveTextAsync("It was not sent.");
        Assert.Equal(0, await WaitingAsync(page));

        await Down(page).ClickAsync();
        await page.GetByText("Say more").ClickAsync();
        await page.GetByLabel("I can't log in").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).ClickAsync();
        await Expect(page.GetByLabel("I can't log in")).ToBeHiddenAsync();
        await context.SetOfflineAsync(false);

        await Expect(Receipt(page)).ToContainTextAsync("Thank you, it's counted.");
        await Expect(page.Locator("[aria-labelledby=problems] .bars")).ToContainTextAsync("Log-in");
        await Expect(Reports(page)).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task Two_open_pages_send_one_tap_once()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context, "/services/claude");
        var other = await OpenAsync(context, "/services/claude");
        var sent = 0;
        context.Request += (_, request) => sent += request.Method == "POST" ? 1 : 0;
        await context.SetOfflineAsync(true);
        await Down(page).ClickAsync();
        await Expect(Receipt(page)).ToContainTextAsync("No connection");
        await Expect(Receipt(other)).ToContainTextAsync("No connection");
        await context.SetOfflineAsync(false);

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take it back" })).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Button, new() { Name = "Take it back" })).ToBeVisibleAsync();
        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task Without_a_connection_a_page_says_so_shows_nothing_old_and_keeps_what_waits()
    {
        await using var context = await chromium.OpenAsync(width: 320, touch: true, height: 568);
        var page = await OpenAsync(context, "/services/claude");
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
        await context.SetOfflineAsync(true);
        await Down(page).TapAsync();
        await Expect(Receipt(page)).ToContainTextAsync("No connection");

        foreach (var address in new[] { "/services/claude", "/", "/incidents/chatgpt-1?zone=Europe/Rome" })
        {
            await page.GotoAsync(Url(address));
            await Expect(page.Locator("h1")).ToHaveTextAsync("No connection");
            await Expect(page.Locator(".lede")).ToContainTextAsync("Nothing is known here of how anything stands now.");
            await Expect(page.Locator("[data-waiting]")).ToContainTextAsync("Claude is down:");
            // No time of now, no status, and the style that was kept.
            Assert.Equal(0, await page.Locator(".dateline, .status, time, [data-live=situation]").CountAsync());
            await Expect(page.Locator(".wordmark")).ToHaveCSSAsync("text-decoration-line", "none");
            Assert.Equal(320, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        }
        await page.GotoAsync(Url("/services/claude"));
        await Expect(page.Locator("[data-waiting]")).ToContainTextAsync("Claude is down:");
        await Axe.BringAsync(page);
        Assert.Empty(await Axe.ViolationsAsync(page));
        await context.SetOfflineAsync(false);

        // It is sent, and the page that was asked for is shown.
        await Expect(Receipt(page)).ToContainTextAsync("You reported at 12:");
        await Expect(Reports(page)).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task What_can_be_installed_is_what_the_browser_asks_for()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context, "/");
        var session = await context.NewCDPSessionAsync(page);
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");

        var manifest = await session.SendAsync("Page.getAppManifest");
        var errors = manifest!.Value.GetProperty("errors");
        var missing = (await session.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors");

        Assert.Equal(Url("/manifest.webmanifest"), manifest.Value.GetProperty("url").GetString());
        Assert.Equal("[]", errors.GetRawText());
        // A browser without a profile installs nothing; else nothing is missing.
        Assert.All(missing.EnumerateArray(), e => Assert.Equal("in-incognito", e.GetProperty("errorId").GetString()));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IPage> OpenAsync(IBrowserContext context, string address)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url(address));
        return page;
    }

    // As if time had gone by.
    private static Task RewriteAsync(IPage page, string change) => page.EvaluateAsync(
        $"() => {{ const taps = JSON.parse(localStorage['taps /']); taps.forEach({change}); localStorage['taps /'] = JSON.stringify(taps); }}");

    private static Task<int> WaitingAsync(IPage page) => page.EvaluateAsync<int>("() => JSON.parse(localStorage['taps /'] ?? '[]').length");

    private static ILocator Down(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "It's down for me" });

    private static ILocator Receipt(IPage page) => page.Locator("[data-receipt]");

    private static ILocator Reports(IPage page) => page.Locator(".vitals dd").First;

    private string Url(string address) => new Uri(_app.Address, address).ToString();
}
