using System.Collections.Concurrent;
using Microsoft.Playwright;
using OutageAggregator.TestKit.Web;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>Suggestions under the search form while somebody types.</summary>
public sealed class SuggestionTests(Chromium chromium, PageWorldFixture world)
{
    [Fact]
    public async Task The_keyboard_chooses_one_and_opens_it()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context);
        var field = page.Locator("#query");
        await field.PressSequentiallyAsync("open");

        await Expect(field).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await Expect(field).ToHaveRoleAsync(AriaRole.Combobox);
        await Expect(field).ToHaveAttributeAsync("aria-controls", "suggestions");
        await Expect(page.Locator("[data-announce]")).ToHaveTextAsync("2 suggestions");
        await field.PressAsync("ArrowDown");
        await field.PressAsync("ArrowDown");
        await Expect(field).ToHaveAttributeAsync("aria-activedescendant", "suggestion-1");
        await Expect(page.Locator("#suggestion-1")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Locator("#suggestion-0")).ToHaveAttributeAsync("aria-selected", "false");
        // Below the last one is the field again, then the first.
        await field.PressAsync("ArrowDown");
        await Expect(field).Not.ToHaveAttributeAsync("aria-activedescendant", new System.Text.RegularExpressions.Regex("."));
        await field.PressAsync("ArrowUp");
        await Expect(field).ToHaveAttributeAsync("aria-activedescendant", "suggestion-1");
        await field.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(world.Url("/services/openai-api"));
    }

    [Fact]
    public async Task Escape_closes_the_list_and_Enter_searches_for_what_was_typed()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context);
        var field = page.Locator("#query");
        await field.PressSequentiallyAsync("chatgp");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);

        await field.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Listbox)).ToBeHiddenAsync();
        await Expect(field).ToHaveValueAsync("chatgp");
        await field.PressSequentiallyAsync("t");
        await field.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(world.Url("/services/chatgpt"));
    }

    [Fact]
    public async Task A_finger_opens_one_and_nothing_moves_below()
    {
        await using var context = await chromium.OpenAsync(width: 360);
        var page = await OpenAsync(context);
        var before = await page.Locator("#trouble").BoundingBoxAsync();
        await page.Locator("#query").PressSequentiallyAsync("telegr");
        var option = page.GetByRole(AriaRole.Option);
        await Expect(option).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Telegram"));

        Assert.Equal(before!.Y, (await page.Locator("#trouble").BoundingBoxAsync())!.Y);
        Assert.Equal(360, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.InRange((await option.BoundingBoxAsync())!.Height, 44, 80);
        await option.ClickAsync();
        await Expect(page).ToHaveURLAsync(world.Url("/services/telegram"));
    }

    [Fact]
    public async Task Nothing_is_asked_twice_nor_while_letters_follow_each_other_nor_against_a_refusal()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context, stopped: true);
        var asked = new ConcurrentQueue<string>();
        await page.RouteAsync("**/suggestions?*", async route =>
        {
            var query = Uri.UnescapeDataString(new Uri(route.Request.Url).Query["?query=".Length..]);
            asked.Enqueue(query);
            if (query == "claud")
                await route.FulfillAsync(new() { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "60" } });
            else
                await route.ContinueAsync();
        });
        var field = page.Locator("#query");
        await field.FillAsync("g");
        await field.FillAsync("ge");
        await field.FillAsync("gem");
        await page.Clock.RunForAsync(400);
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Gemini"));
        await field.FillAsync("telegr");
        await page.Clock.RunForAsync(400);
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Telegram"));
        await field.FillAsync("gem");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Gemini"));
        Assert.Equal(["gem", "telegr"], asked);

        await field.FillAsync("claud");
        await page.RunAndWaitForResponseAsync(() => page.Clock.RunForAsync(400), "**/suggestions?query=claud");
        await field.FillAsync("whats");
        await page.Clock.RunForAsync(30_000);
        Assert.Equal(["gem", "telegr", "claud"], asked);
        await page.Clock.RunForAsync(40_000);
        await field.FillAsync("whatsa");
        await page.RunAndWaitForResponseAsync(() => page.Clock.RunForAsync(400), "**/suggestions?query=whatsa");
    }

    [Fact]
    public async Task Without_scripts_it_is_a_form()
    {
        await using var context = await chromium.OpenAsync(scripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/"));
        Assert.Null(await page.Locator("#query").GetAttributeAsync("role"));
        await page.Locator("#query").FillAsync("is whatsapp down?");
        await page.Locator("#query").PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(world.Url("/services/whatsapp"));
    }

    [Fact]
    public async Task What_only_reads_fetches_no_suggestions_and_no_script_for_them()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        var asked = new ConcurrentQueue<string>();
        page.Request += (_, request) => asked.Enqueue(request.Url);
        await page.GotoAsync(world.Url("/"), new() { WaitUntil = WaitUntilState.Load });
        Assert.DoesNotContain(asked, url => url.Contains("suggest", StringComparison.Ordinal));
        await page.Locator("#query").FocusAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#query').role === 'combobox'");
        Assert.Contains(asked, url => url.Contains("/assets/suggest-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_an_open_list_it_is_accessible_in_light_and_dark()
    {
        await using var context = await chromium.OpenAsync();
        var page = await OpenAsync(context);
        var complaints = Complaints.Of(page, world.Address);
        await page.Locator("#query").PressSequentiallyAsync("open");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await page.Locator("#query").PressAsync("ArrowDown");
        await Axe.BringAsync(page);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            Assert.Empty(await Axe.ViolationsAsync(page));
        }
        Assert.Empty(complaints.Lines);
    }

    private async Task<IPage> OpenAsync(IBrowserContext context, bool stopped = false)
    {
        var page = await context.NewPageAsync();
        if (stopped)
        {
            await page.Clock.InstallAsync(new() { TimeDate = PageWorld.Now.UtcDateTime });
            await page.Clock.PauseAtAsync(PageWorld.Now.UtcDateTime.AddHours(1));
        }
        await page.GotoAsync(world.Url("/"));
        await page.Locator("#query").FocusAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#query').role === 'combobox'");
        return page;
    }
}
