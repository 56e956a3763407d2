using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OutageAggregator.TestKit.Web;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>What scripts add to a page.</summary>
public sealed class ScriptTests(Chromium chromium, PageWorldFixture world)
{
    [Theory]
    [InlineData("", "9 Nov 2024, 00:10 UTC: 2", "Times in UTC")]
    [InlineData("?zone=America/New_York", "8 Nov 2024, 19:10 UTC−5: 2", "Times in America/New York (UTC−5)")]
    [InlineData("?zone=Asia/Kathmandu", "9 Nov 2024, 05:55 UTC+5:45: 2", "Times in Asia/Kathmandu (UTC+5:45)")]
    [InlineData("?zone=Pacific/Chatham", "9 Nov 2024, 13:55 UTC+13:45: 2", "Times in Pacific/Chatham (UTC+13:45)")]
    public async Task The_pointer_on_the_chart_reads_the_number_off_in_the_zone_of_the_page(string zone, string read, string idle)
    {
        await using var context = await chromium.OpenAsync(zone: "Europe/Rome");
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url($"/services/chatgpt{zone}"));
        var chart = await page.Locator(".plot").BoundingBoxAsync();

        await page.Mouse.MoveAsync(chart!.X + (chart.Width * 285.5f / 288), chart.Y + 100);
        await Expect(page.Locator("[data-readout]")).ToContainTextAsync(read);
        await page.Mouse.MoveAsync(chart.X, chart.Y - 200);
        await Expect(page.Locator("[data-readout]")).ToHaveTextAsync(idle);
    }

    [Fact]
    public async Task A_lost_connection_is_said_and_nothing_stays_green()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/claude"));

        await context.SetOfflineAsync(true);
        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");

        // As of the server's time of the last page that got through, and not of the reader's clock.
        await Expect(page.Locator(".freshness")).ToHaveTextAsync("No connection: what you see is as of 9 Nov 2024, 00:21 UTC");
        await Expect(page.Locator("[data-live=situation] .status")).ToHaveCSSAsync("color", "rgb(91, 100, 109)");
    }

    [Fact]
    public async Task A_page_is_asked_for_again_when_counts_changed_and_not_while_the_server_asks_for_patience()
    {
        const string Source = "window.EventSource = class extends EventTarget { static CLOSED = 2; constructor() { super(); this.readyState = 1; window.live = this; } close() { } }";
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        // It stands still but where it is moved: a page that loads slowly would ask once more by itself.
        var now = PageWorld.Now.UtcDateTime;
        await page.Clock.InstallAsync(new() { TimeDate = now });
        await page.Clock.PauseAtAsync(now.AddHours(1));
        await page.AddInitScriptAsync(Source);
        await page.GotoAsync(world.Url("/services/chatgpt"));
        var asked = 0;
        await page.RouteAsync("**/services/chatgpt", async route =>
        {
            asked++;
            if (asked == 2)
                await route.FulfillAsync(new() { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "10" } });
            else
                await route.ContinueAsync();
        });

        await CountsAsync(1);
        await page.RunAndWaitForResponseAsync(() => page.Clock.RunForAsync(4_000), "**/services/chatgpt");
        // The same again, as the server tells every five seconds: nothing is asked.
        await CountsAsync(1);
        await page.Clock.RunForAsync(4_000);
        await CountsAsync(2);
        await page.RunAndWaitForResponseAsync(() => page.Clock.RunForAsync(4_000), "**/services/chatgpt");
        Assert.Equal(2, asked);
        // Refused: it waits for ten seconds at least and is not cut off.
        await CountsAsync(3);
        await page.Clock.RunForAsync(4_000);
        await Expect(page.Locator(".freshness")).ToContainTextAsync("Numbers are reports");
        Assert.Equal(2, asked);
        await page.RunAndWaitForResponseAsync(() => page.Clock.RunForAsync(20_000), "**/services/chatgpt");

        Task CountsAsync(int reports) => page.EvaluateAsync(
            "reports => window.live.dispatchEvent(new MessageEvent('counts', { data: JSON.stringify({ at: Date.now(), services: [{ reports }], freshness: { state: 'fresh' } }) }))",
            reports);
    }

    [Fact]
    public async Task What_is_unfolded_and_what_has_the_focus_stay_so_while_numbers_move()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/chatgpt"));
        var details = page.Locator("[data-keep=day-table]");
        await details.Locator("summary").ClickAsync();
        // As if the server had sent something else before: every region is swapped.
        await page.EvaluateAsync("() => document.querySelectorAll('[data-live]').forEach(r => r.classList.add('old'))");
        await page.RouteAsync("**/services/chatgpt", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = Changed(await answer.TextAsync()) });
        });
        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");

        await Expect(page.Locator(".freshness")).ToContainTextAsync("The numbers are reports");
        await Expect(page.Locator("figure.chart h2")).ToHaveTextAsync("The last day");
        Assert.True(await details.EvaluateAsync<bool>("d => d.open"));
        Assert.Equal("SUMMARY", await page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        // What the server did not change was not touched.
        Assert.NotEqual(0, await page.Locator("[data-live].old").CountAsync());
    }

    [Fact]
    public async Task The_sentence_to_cite_can_be_copied()
    {
        await using var context = await chromium.OpenAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/incidents/chatgpt-1"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the sentence" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();

        var copied = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.StartsWith("ChatGPT: ", copied, StringComparison.Ordinal);
        Assert.EndsWith("/incidents/chatgpt-1", copied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_in_another_script_is_laid_out_before_what_follows_it_and_copied_isolated()
    {
        const string Digikala = "دیجی‌کالا";
        var (app, _) = await PageWorld.StartAsync(services => services.AddSingleton(TestCatalog.Create(chatGpt: Digikala)));
        await using var owned = app;
        await using var context = await chromium.OpenAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(app.Address, "/incidents/chatgpt-1").ToString());

        // Not isolated, the number that follows the name would stand on its left.
        var isBefore = await page.EvaluateAsync<bool>(
            """
            () => {
              const sentence = document.querySelector('.lede');
              const name = sentence.querySelector('bdi').getBoundingClientRect();
              const text = sentence.querySelector('bdi').nextSibling;
              const digit = document.createRange();
              const at = text.data.search(/[0-9]/);
              digit.setStart(text, at);
              digit.setEnd(text, at + 1);
              return digit.getBoundingClientRect().left >= name.right - 1;
            }
            """);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the sentence" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        var copied = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");

        Assert.True(isBefore);
        Assert.StartsWith($"\u2068{Digikala}\u2069: ", copied, StringComparison.Ordinal);
    }

    private static string Changed(string html) => html
        .Replace("Numbers are reports", "The numbers are reports", StringComparison.Ordinal)
        .Replace("<h2>The last 24 hours</h2>", "<h2>The last day</h2>", StringComparison.Ordinal);
}
