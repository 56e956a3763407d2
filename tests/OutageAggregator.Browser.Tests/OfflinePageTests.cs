using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>What a browser keeps of the site: a page for when there is no connection, and a place beside its apps.</summary>
public sealed class OfflinePageTests(Chromium chromium, Noon noon)
{
    private readonly (string Name, string Path) _service = noon.Give();

    [Fact]
    public async Task Without_a_connection_a_page_says_so_shows_nothing_old_and_keeps_what_waits()
    {
        await using var context = await chromium.OpenAsync(width: 320, touch: true, height: 568);
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await page.WorkerAsync();
        await context.SetOfflineAsync(true);
        await page.Down().TapAsync();
        await Expect(page.Receipt()).ToContainTextAsync("No connection");

        foreach (var address in new[] { _service.Path, "/", "/incidents/chatgpt-1?zone=Europe/Rome" })
        {
            await page.GotoAsync(noon.Url(address));
            await Expect(page.Locator("h1")).ToHaveTextAsync("No connection");
            await Expect(page.Locator(".lede")).ToContainTextAsync("Nothing is known here of how anything stands now.");
            await Expect(page.Locator("[data-waiting]")).ToContainTextAsync($"{_service.Name} is down:");
            // No time of now, no status, and the style that was kept.
            Assert.Equal(0, await page.Locator(".dateline, .status, time, [data-live=situation]").CountAsync());
            await Expect(page.Locator(".wordmark")).ToHaveCSSAsync("text-decoration-line", "none");
            Assert.Equal(320, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        }
        await page.GotoAsync(noon.Url(_service.Path));
        await Expect(page.Locator("[data-waiting]")).ToContainTextAsync($"{_service.Name} is down:");
        await Axe.BringAsync(page);
        Assert.Empty(await Axe.ViolationsAsync(page));
        await context.SetOfflineAsync(false);

        // It is sent, and the page that was asked for is shown.
        await Expect(page.Receipt()).ToContainTextAsync("You reported at 12:");
        await Expect(page.Reports()).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task What_can_be_installed_is_what_the_browser_asks_for()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url("/"));
        var session = await context.NewCDPSessionAsync(page);
        await page.WorkerAsync();

        var manifest = await session.SendAsync("Page.getAppManifest");
        var errors = manifest!.Value.GetProperty("errors");
        var missing = (await session.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors");

        Assert.Equal(noon.Url("/manifest.webmanifest"), manifest.Value.GetProperty("url").GetString());
        Assert.Equal("[]", errors.GetRawText());
        // A browser without a profile installs nothing; else nothing is missing.
        Assert.All(missing.EnumerateArray(), e => Assert.Equal("in-incognito", e.GetProperty("errorId").GetString()));
    }
}
