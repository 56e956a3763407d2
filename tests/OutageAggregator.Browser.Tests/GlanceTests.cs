using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;

namespace OutageAggregator.Browser.Tests;

/// <summary>Home in an outage, with 840 services.</summary>
public sealed partial class GlanceTests(Chromium chromium) : IAsyncLifetime
{
    private const string Shifts =
        """
        () => new Promise(done => {
          let sum = 0;
          new PerformanceObserver(list => { for (const shift of list.getEntries()) sum += shift.value; }).observe({ type: 'layout-shift', buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
        })
        """;

    private WebApp _app = null!;

    public async ValueTask InitializeAsync() => (_app, _) = await PageWorld.StartAsync(
        s => s.AddSingleton(TestCatalog.OfHundreds()).AddSingleton(new LimitSettings { ReadsPerMinute = 0 }));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    [InlineData(1100)]
    public async Task It_fits_with_a_tile_for_every_service_that_a_finger_can_hit_and_nothing_moves(int width)
    {
        await using var context = await chromium.OpenAsync(width: width, height: 568);
        var page = await context.NewPageAsync();
        await page.GotoAsync(_app.Address.ToString());

        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.Equal(840, await page.Locator(".heat a").CountAsync());
        Assert.Equal(0, await page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('.heat a')].filter(a => { const b = a.getBoundingClientRect(); return b.width < 24 || b.height < 24; }).length"));
        // A phone of 568 pixels: eight looks at all there is.
        Assert.InRange(await page.EvaluateAsync<int>("() => document.querySelector('[data-live=all]').offsetHeight"), 1_000, 8 * 568);
        await page.RouteAsync(_app.Address.ToString(), async route =>
        {
            var answer = await route.FetchAsync();
            var changed = (await answer.TextAsync()).Replace("aria-label=\"As usual\"", "aria-label=\"As ever\"", StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Body = changed });
        });
        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await Assertions.Expect(page.Locator(".heat[aria-label='As ever']").First).ToBeAttachedAsync();
        Assert.Equal(0, await page.EvaluateAsync<double>(Shifts));
    }

    [Theory]
    [InlineData("/services/chatgpt", 320)]
    [InlineData("/services/chatgpt", 1100)]
    [InlineData("/services/chatgpt?range=7d", 390)]
    public async Task A_service_in_an_outage_does_not_move_while_it_loads_nor_while_its_numbers_do(string address, int width)
    {
        await using var context = await chromium.OpenAsync(width: width, height: 664);
        var page = await context.NewPageAsync();
        var whole = new Uri(_app.Address, address).ToString();
        await page.GotoAsync(whole);
        await Assertions.Expect(page.Locator(".plot")).ToHaveAttributeAsync("tabindex", "0");
        await page.RouteAsync(whole, async route =>
        {
            var answer = await route.FetchAsync();
            var changed = Told().Replace(await answer.TextAsync(), "888 reports of trouble");
            await route.FulfillAsync(new() { Response = answer, Body = changed });
        });
        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await Assertions.Expect(page.Locator("[data-live=situation]")).ToContainTextAsync("888 reports of trouble");

        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.Equal(0, await page.EvaluateAsync<double>(Shifts));
    }

    [Fact]
    public async Task A_tile_that_has_the_keyboard_shows_its_whole_name_and_moves_no_other()
    {
        await using var context = await chromium.OpenAsync(width: 320);
        var page = await context.NewPageAsync();
        await page.GotoAsync(_app.Address.ToString());
        var long0 = page.Locator(".heat-normal a").Nth(await page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('.heat-normal a')].findIndex(a => a.scrollHeight > a.clientHeight + 4)"));
        var next = page.Locator(".heat-normal a").Last;
        var before = await next.BoundingBoxAsync();

        await long0.FocusAsync();

        Assert.True(await long0.EvaluateAsync<bool>("a => a.scrollWidth <= a.clientWidth && a.scrollHeight <= a.clientHeight && a.getBoundingClientRect().right <= innerWidth"));
        await page.EvaluateAsync("() => scrollTo(0, 0)");
        Assert.Equal(before!.Height, (await next.BoundingBoxAsync())!.Height);
        Assert.Equal(320, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [Theory]
    [InlineData(320)]
    [InlineData(360)]
    [InlineData(390)]
    [InlineData(412)]
    [InlineData(1100)]
    public async Task Tiles_of_two_services_can_be_told_apart_by_what_is_seen_of_them(int width)
    {
        string[] names =
        [
            "Claude", "Claude API", "Claude Code", "OpenAI", "OpenAI API", "ChatGPT", "Google", "Google Maps", "Google Meet", "Google Drive",
            "Microsoft Teams", "Microsoft 365", "Vodafone Italy", "Vodafone Spain", "Deutsche Bahn", "Deutsche Bank", "Facebook", "Messenger",
        ];
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new Catalog([new Category("ai", "AI")], [
            .. names.Select(n => new Service(ServiceSlug.Parse(n.ToLowerInvariant().Replace(' ', '-')), n, "ai", [], null, "UTC", null))])));
        await using var owned = app;
        await using var context = await chromium.OpenAsync(width: width, height: 568);
        var page = await context.GoToAsync(app.Address.ToString());

        var seen = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.heat a')].map(tile => {
              const [box, text, range] = [tile.getBoundingClientRect(), tile.firstChild, document.createRange()];
              return [...text.data].filter((_, i) => {
                range.setStart(text, i);
                range.setEnd(text, i + 1);
                const letter = range.getBoundingClientRect();
                return letter.right <= box.right + .5 && letter.bottom <= box.bottom + 1.5;
              }).join('');
            })
            """);

        Assert.Equal(names.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_is_accessible_in_light_and_dark()
    {
        await using var context = await chromium.OpenAsync(width: 390);
        var page = await context.NewPageAsync();
        await page.GotoAsync(_app.Address.ToString());
        await Axe.BringAsync(page);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            Assert.Empty(await Axe.ViolationsAsync(page, scheme == ColorScheme.Light ? [] : ["color-contrast"]));
        }
    }

    [Theory]
    [InlineData("/", "charts live page site")]
    [InlineData("/services/chatgpt?range=7d", "charts live page site tap")]
    public async Task A_first_visit_is_five_requests_at_most_and_the_stream(string address, string requests)
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        var asked = new ConcurrentQueue<string>();
        page.Request += (_, request) => asked.Enqueue(new Uri(request.Url).AbsolutePath);
        await page.GotoAsync(new Uri(_app.Address, address).ToString(), new() { WaitUntil = WaitUntilState.Load });
        await page.WaitForFunctionAsync(
            "most => performance.getEntriesByType('resource').filter(e => e.name.includes('/assets/') && !e.name.includes('icon')).length >= most",
            requests.Count(c => c == ' '));

        Assert.Equal(
            requests.Split(' '),
            asked.Where(a => a is not "/api/v1/live" && !a.Contains("favicon", StringComparison.Ordinal))
                .Select(a => a.StartsWith("/assets/", StringComparison.Ordinal) ? a["/assets/".Length..].Split('-', '.')[0] : "page").Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("[0-9]{3} reports of trouble")]
    private static partial Regex Told();
}
