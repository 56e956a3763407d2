using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>"Tell me when it's back", in the open page; sharing; and what a first look costs.</summary>
public sealed class TellingTests(Chromium chromium, PageWorldFixture world)
{
    private const string Notes = "window.noted = []; window.Notification = class { static permission = sessionStorage.permission ?? 'PERMISSION'; static requestPermission = async () => Notification.permission = sessionStorage.permission = 'AFTER'; constructor(title, options) { noted.push([title, options.body]); } };";

    [Theory]
    [InlineData("default", "granted", "You get a notification", true)]
    [InlineData("granted", "granted", "You get a notification", true)]
    [InlineData("default", "denied", "This browser allows no notification here: the title and icon of this page change.", false)]
    [InlineData("denied", "denied", "This browser allows no notification here: the title and icon of this page change.", false)]
    public async Task The_page_tells_when_it_is_back_by_title_and_icon_and_a_notification_where_it_may(string permission, string after, string said, bool notifies)
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        // One without a worker notifies by itself.
        await page.AddInitScriptAsync("delete Navigator.prototype.serviceWorker; " + Notes.Replace("PERMISSION", permission, StringComparison.Ordinal).Replace("AFTER", after, StringComparison.Ordinal));
        await page.Clock.InstallAsync();
        await page.GotoAsync(world.Url("/services/chatgpt"));
        Assert.StartsWith("ChatGPT: outage since 00:02", await page.TitleAsync(), StringComparison.Ordinal);
        var icon = await IconAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Tell me when it’s back" }).ClickAsync();
        await Expect(page.Locator("[data-tell] + [role=status]")).ToContainTextAsync(said);
        await Expect(page.Locator("[data-tell]")).ToHaveAttributeAsync("aria-pressed", "true");
        // It survives a reload.
        await page.ReloadAsync();
        await Expect(page.Locator("[data-tell]")).ToHaveAttributeAsync("aria-pressed", "true");
        // Nobody looks at it: it looks by itself all the same, half a minute after what it was about to do anyway.
        await page.EvaluateAsync("() => { Object.defineProperty(document, 'hidden', { get: () => true, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }");
        await page.Clock.RunForAsync(10_000);
        await EndAsync(page);
        await page.Clock.RunForAsync(40_000);

        await Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^✓ Back: ChatGPT: "));
        Assert.NotEqual(icon, await IconAsync(page));
        var noted = await page.EvaluateAsync<string[][]>("() => noted");
        Assert.Equal(notifies ? 1 : 0, noted.Length);
        if (notifies)
            Assert.StartsWith("ChatGPT: ", noted[0][0], StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("[data-tell]").CountAsync());
    }

    [Fact]
    public async Task On_a_phone_the_worker_notifies_and_the_page_that_was_not_asked_says_nothing()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync("Object.defineProperty(Notification, 'permission', { get: () => 'granted' }); ServiceWorkerRegistration.prototype.showNotification = async (title, options) => { window.noted = [title, options.body]; }");
        await page.GotoAsync(world.Url("/services/chatgpt"));
        await page.WorkerAsync();
        var other = await context.NewPageAsync();
        await other.GotoAsync(world.Url("/services/chatgpt"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Tell me when it’s back" }).ClickAsync();
        // It is off, on, off and on again.
        await page.Locator("[data-tell]").ClickAsync();
        await Expect(page.Locator("[data-tell]")).ToHaveAttributeAsync("aria-pressed", "false");
        await page.Locator("[data-tell]").ClickAsync();
        await Expect(page.Locator("[data-tell]")).ToHaveAttributeAsync("aria-pressed", "true");

        await EndAsync(other);
        await other.LookAsync();
        await EndAsync(page);
        await page.LookAsync();
        await Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^✓ Back: "));
        await Expect(other).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^ChatGPT: over since"));
        var noted = await page.EvaluateAsync<string[]>("() => noted");
        Assert.StartsWith("ChatGPT: over since", noted[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_outage_there_is_nothing_to_tell()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/gemini"));

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Share" })).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("[data-tell]").CountAsync());
    }

    [Theory]
    [InlineData("", "9 Nov 2024, 00:21 UTC")]
    [InlineData("?region=IT&zone=Asia/Kathmandu", "9 Nov 2024, 06:06 UTC+5:45")]
    public async Task The_sentence_and_the_address_are_shared_by_the_system_or_copied(string query, string at)
    {
        await using var context = await chromium.OpenAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync("navigator.share = async what => { window.shared = what; }");
        await page.GotoAsync(world.Url($"/services/chatgpt{query}"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
        var shared = await page.EvaluateAsync<JsonElement>("() => shared");
        var text = shared.GetProperty("text").GetString()!;
        Assert.StartsWith("It's not just you: ", text, StringComparison.Ordinal);
        Assert.EndsWith($"({at})", text, StringComparison.Ordinal);
        Assert.Equal(world.Url($"/services/chatgpt{query}"), shared.GetProperty("url").GetString());

        await page.EvaluateAsync("() => { delete navigator.share; navigator.share = undefined; }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
        await Expect(page.Locator("[data-share] + [role=status]")).ToHaveTextAsync("Copied");
        Assert.Equal($"{text} {world.Url($"/services/chatgpt{query}")}", await page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task A_service_in_an_outage_costs_five_requests_and_thirty_kilobytes_and_moves_nothing()
    {
        await using var context = await chromium.OpenAsync(width: 390, height: 664);
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync("window.shift = 0; new PerformanceObserver(l => l.getEntries().forEach(e => { shift += e.value; })).observe({ type: 'layout-shift', buffered: true });");
        var session = await context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.enable");
        await Chromium.ThrottleAsync(context, page);
        var asked = new ConcurrentQueue<string>();
        // Until it is complete; what the live stream brings after that is news.
        var isNew = true;
        page.Load += (_, _) => isNew = false;
        page.Request += (_, request) =>
        {
            if (isNew)
                asked.Enqueue(request.Url);
        };
        await page.GotoAsync(world.Url("/services/chatgpt"));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Tell me when it’s back" })).ToBeVisibleAsync();

        var bytes = await page.EvaluateAsync<int>("() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, e) => sum + e.transferSize, 0)");
        Assert.Equal(5, asked.Distinct(StringComparer.Ordinal).Count(a => !a.Contains("/api/v1/live", StringComparison.Ordinal)));
        Assert.Single(asked, a => a.Contains("/assets/tap-", StringComparison.Ordinal));
        Assert.InRange(bytes, 10_000, 30 * 1024);
        Assert.Equal(0, await page.EvaluateAsync<double>("() => shift"));
    }

    private Task EndAsync(IPage page) => page.EndOutageAsync(world.Url("/services/gemini"));

    private static Task<string> IconAsync(IPage page) => page.EvaluateAsync<string>("() => document.querySelector('link[rel=icon]').href");
}
