using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Zones;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>Pages in the zone that their address names, held against what the browser knows of that zone; and the way to them.</summary>
public sealed class ZoneTests(Chromium chromium, PageWorldFixture world)
{
    // What on the screen disagrees with the zone of the page: instants, the axis, its day lines, its peak, what the pointer reads off,
    // the heading and the sentences. The browser's own tables of zones are the judge.
    private const string Disagreements =
        """
        () => {
          const zone = document.body.dataset.zone;
          const format = (at, options) => new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...options }).formatToParts(at);
          const told = at => {
            const options = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'shortOffset' };
            const part = Object.fromEntries(format(at, options).map(p => [p.type, p.value]));
            const month = format(at, { month: 'long' })[0].value;
            const [clock, name] = [`${part.hour}:${part.minute}`, part.timeZoneName.replace(/GMT([+]0$)?/, 'UTC').replace('-', '−')];
            return {
              clock, name, named: `${clock} ${name}`, day: `${part.day} ${part.month}`, date: `${part.day} ${month} ${part.year}`,
              moment: `${part.day} ${part.month} ${part.year}, ${clock} ${name}`,
            };
          };
          const wrong = [];
          const check = (what, shown, ...right) => { if (!right.includes(shown)) wrong.push(`${what}: "${shown}" and not "${right.join('" or "')}"`); };
          for (const time of document.querySelectorAll('time')) {
            const { moment, named, date } = told(new Date(time.dateTime));
            check(time.dateTime, time.textContent, moment, named, date);
          }
          for (const plot of document.querySelectorAll('.plot[data-chart]')) {
            const steps = plot.dataset.chart.split(','), step = plot.dataset.step * 60000;
            const from = Date.parse(plot.dataset.from), minutes = steps.length * plot.dataset.step;
            const at = (element, name) => new Date(from + Math.round(parseFloat(element.getAttribute(name)) / 100 * minutes) * 60000);
            const ticks = [...plot.querySelectorAll('text.time')];
            if (ticks.length < 2) wrong.push(`${ticks.length} ticks`);
            for (const tick of ticks) check(`tick at ${at(tick, 'x').toISOString()}`, tick.textContent, told(at(tick, 'x'))[tick.classList.contains('date') ? 'day' : 'clock']);
            const days = [];
            for (let m = 1; m <= minutes; m++) {
              const [before, here] = [new Date(from + (m - 1) * 60000), new Date(from + m * 60000)];
              if (told(before).day !== told(here).day) days.push(here.toISOString());
            }
            check('day lines', [...plot.querySelectorAll('.grid.day')].map(l => at(l, 'x1').toISOString()).join(), days.join());
            check('dates', [...plot.querySelectorAll('.date')].map(l => at(l, 'x').toISOString()).join(), days.join());
            const counts = steps.map(s => Number(s.split(':')[0])), highest = told(new Date(from + counts.indexOf(Math.max(...counts)) * step));
            const start = told(new Date(from));
            const peak = plot.querySelector('text.peak');
            if (peak) check('peak', peak.textContent.split(' at ')[1], highest.name === start.name ? highest.clock : highest.named);
            const box = plot.querySelector('svg').getBoundingClientRect(), readout = plot.parentNode.querySelector('[data-readout]');
            if (!readout.textContent.startsWith(zone === 'UTC' ? 'Times in UTC' : `Times in ${zone.replaceAll('_', ' ')} (${start.name}`)) wrong.push(readout.textContent);
            for (const index of [0, steps.length >> 2, steps.length >> 1, steps.length - 1]) {
              const clientX = box.left + (index + .5) / steps.length * box.width;
              plot.dispatchEvent(new PointerEvent('pointermove', { clientX, bubbles: true }));
              check(`readout of ${index}`, readout.textContent.split(': ')[0], told(new Date(from + index * step)).moment);
            }
          }
          const onset = document.querySelector('.timeline time');
          if (onset) {
            const { date } = told(new Date(onset.dateTime));
            for (const heading of [document.querySelector('h1').textContent, document.title]) if (!heading.includes(date)) wrong.push(`${heading} without ${date}`);
          }
          document.querySelector('.citation')?.remove();
          const now = Date.parse(document.querySelector('.dateline time').dateTime);
          const names = new Set(Array.from({ length: 24 * 6 }, (_, hours) => told(new Date(now - hours * 3600000)).name));
          for (const [, named] of `${document.title} ${document.body.innerText}`.matchAll(/\d\d:\d\d (UTC(?:[+−]\d+(?::\d\d)?)?)/g)) if (!names.has(named)) wrong.push(`${named} in a sentence`);
          return wrong;
        }
        """;

    private static readonly string[] s_addresses = ["/", "/services/chatgpt", "/services/chatgpt?region=IT", "/incidents/chatgpt-1", "/incidents/chatgpt-2", "/archive"];

    [Theory]
    // Shortly after midnight there, which is another minute of UTC's day in each.
    [InlineData("UTC", "2024-11-09T00:20Z")]
    [InlineData("Europe/Rome", "2024-11-08T23:20Z")]
    [InlineData("America/New_York", "2024-11-09T05:20Z")]
    [InlineData("America/Sao_Paulo", "2024-11-09T03:20Z")]
    [InlineData("Asia/Kathmandu", "2024-11-08T18:30Z")]
    [InlineData("Pacific/Chatham", "2024-11-08T10:30Z")]
    // In the hour that comes twice, after the one that never came, and a day later.
    [InlineData("Europe/Rome", "2024-10-27T01:20Z")]
    [InlineData("Europe/Rome", "2024-03-31T01:20Z")]
    [InlineData("America/New_York", "2024-11-03T06:20Z")]
    [InlineData("Australia/Sydney", "2024-10-06T11:20Z")]
    [InlineData("Pacific/Chatham", "2024-09-29T10:30Z")]
    public async Task Whatever_is_on_the_screen_agrees_over_midnight_and_where_clocks_are_changed(string zone, string time)
    {
        var now = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }), now: now);
        await using var owned = app;
        // The reader's own zone has no say in it.
        await using var context = await chromium.OpenAsync(zone: "Asia/Tokyo");
        var page = await context.NewPageAsync();
        foreach (var address in s_addresses)
        {
            await page.GotoAsync(new Uri(app.Address, ZoneNames.Find(zone)!.Keep(address)).ToString());
            // The last thing that the script does as it starts.
            await Expect(page.Locator(".dateline a")).ToHaveTextAsync("Show in my time");

            Assert.Equal([], (await page.EvaluateAsync<string[]>(Disagreements)).Select(wrong => $"{address} {wrong}"));
        }
    }

    [Fact]
    public async Task One_tap_shows_the_readers_own_time_which_is_remembered_until_utc_is_chosen()
    {
        await using var context = await chromium.OpenAsync(zone: "Asia/Tokyo");
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/chatgpt?region=IT"));
        await Expect(page.Locator(".dateline time")).ToHaveTextAsync("9 Nov 2024, 00:21 UTC");

        await page.GetByRole(AriaRole.Link, new() { Name = "Show in my time" }).ClickAsync();

        await Expect(page.Locator(".dateline time")).ToHaveTextAsync("9 Nov 2024, 09:21 UTC+9");
        Assert.EndsWith("/services/chatgpt?region=IT&zone=Asia/Tokyo", page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await page.GetByText("Show in my time").CountAsync());
        // It goes along, and holds for an address that came from elsewhere; one that names a zone is as its sender saw it.
        await page.GetByRole(AriaRole.Link, new() { Name = "Show all regions together" }).ClickAsync();
        await Expect(page.Locator(".dateline time")).ToHaveTextAsync("9 Nov 2024, 09:21 UTC+9");
        await page.GotoAsync(world.Url("/incidents/chatgpt-1?utm_source=feed"));
        await Expect(page).ToHaveURLAsync(world.Url("/incidents/chatgpt-1?utm_source=feed&zone=Asia/Tokyo"));
        await page.GotoAsync(world.Url("/incidents/chatgpt-1?zone=America/New_York"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("ChatGPT outage of 4 November 2024");

        await page.GetByRole(AriaRole.Link, new() { Name = "Show in UTC" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(world.Url("/incidents/chatgpt-1?zone=UTC"));
        await page.GotoAsync(world.Url("/services/claude"));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Show in my time" })).ToBeVisibleAsync();
        Assert.EndsWith("/services/claude", page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Any_zone_can_be_chosen_with_scripts_and_without(bool scripts)
    {
        await using var context = await chromium.OpenAsync(scripts, zone: "Europe/Rome");
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/chatgpt?region=IT"));

        await page.Locator("footer").GetByRole(AriaRole.Link, new() { Name = "Other time zone" }).ClickAsync();
        await page.GetByLabel("Time zone").SelectOptionAsync("Asia/Kathmandu");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        await Expect(page.Locator(".dateline time")).ToHaveTextAsync("9 Nov 2024, 06:06 UTC+5:45");
        await Expect(page.Locator("[data-readout]")).ToHaveTextAsync("Times in Asia/Kathmandu (UTC+5:45)");
        Assert.EndsWith("/services/chatgpt?region=IT&zone=Asia/Kathmandu", Uri.UnescapeDataString(page.Url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_in_another_zone_moves_on_in_it_and_offers_ones_own_again()
    {
        await using var context = await chromium.OpenAsync(zone: "Europe/Rome");
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/chatgpt?zone=Asia/Kathmandu"));
        await page.RouteAsync("**/services/chatgpt?**", async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = (await answer.TextAsync()).Replace("Numbers are reports", "The numbers are reports", StringComparison.Ordinal) });
        });

        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");

        await Expect(page.Locator(".freshness")).ToContainTextAsync("The numbers are reports");
        await Expect(page.Locator(".dateline time")).ToHaveTextAsync("9 Nov 2024, 06:06 UTC+5:45");
        await Expect(page.Locator(".dateline a")).ToHaveTextAsync("Show in my time");
    }

    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task What_a_script_offers_takes_the_place_of_what_stands_there_without_one(int width)
    {
        const string Places = "() => [...document.querySelectorAll('.dateline > *, main, main h1, main h2')].map(e => JSON.stringify(e.getBoundingClientRect()))";
        async Task<string[]> PlacesAsync(bool scripts, string link)
        {
            await using var context = await chromium.OpenAsync(scripts, width: width);
            var page = await context.NewPageAsync();
            await page.GotoAsync(world.Url("/services/chatgpt"));
            await Expect(page.Locator(".dateline a")).ToHaveTextAsync(link);
            return await page.EvaluateAsync<string[]>(Places);
        }

        Assert.Equal(await PlacesAsync(scripts: false, "Other time zone"), await PlacesAsync(scripts: true, "Show in my time"));
    }

    [Fact]
    public async Task A_zone_that_the_server_does_not_know_is_not_asked_for_again()
    {
        await using var context = await chromium.OpenAsync(zone: "Europe/Rome");
        // Before the page's own script, which is where a browser that was here last year stands.
        await context.AddInitScriptAsync("if (!sessionStorage.wasHere) { localStorage.zone = 'Mars/Olympus_Mons'; sessionStorage.wasHere = true; }");
        var page = await context.NewPageAsync();
        await page.GotoAsync(world.Url("/services/claude"));
        await Expect(page).ToHaveURLAsync(world.Url("/services/claude?zone=Mars/Olympus_Mons"));
        await Expect(page.GetByText("a time zone that is not known here")).ToBeVisibleAsync();

        await page.GotoAsync(world.Url("/services/claude"));
        await Expect(page.Locator(".dateline a")).ToHaveTextAsync("Show in my time");
        Assert.EndsWith("/services/claude", page.Url, StringComparison.Ordinal);
    }
}
