using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Zones;

namespace OutageAggregator.Browser.Tests;

/// <summary>The pages with charts around the clock: at which places of an axis its labels stand depends on when one looks.</summary>
public sealed class TimesOfDayTests(Chromium chromium)
{
    private static readonly string[] s_addresses =
        ["/", "/services/chatgpt", "/services/chatgpt?region=IT", "/incidents/chatgpt-1", "/incidents/chatgpt-2"];

    private static readonly (int Width, ColorScheme Scheme)[] s_screens =
        [(320, ColorScheme.Light), (320, ColorScheme.Dark), (768, ColorScheme.Dark), (1280, ColorScheme.Light)];

    // On the Chatham Islands clocks were put forward from UTC+12:45 to UTC+13:45: the longest label.
    [Theory]
    [InlineData("2024-11-09T00:03Z", "UTC")]
    [InlineData("2024-11-09T06:30Z", "Asia/Kathmandu")]
    [InlineData("2024-11-09T12:00Z", "UTC")]
    [InlineData("2024-09-29T01:30Z", "Pacific/Chatham")]
    [InlineData("2024-11-09T23:57Z", "UTC")]
    public async Task Charts_fit_in_any_font_at_any_width_in_light_and_dark(string time, string zone)
    {
        var now = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }), now: now);
        await using (app)
        {
            await using var context = await chromium.OpenAsync();
            var page = await context.NewPageAsync();
            foreach (var address in s_addresses)
            {
                await page.GotoAsync(new Uri(app.Address, ZoneNames.Find(zone)!.Keep(address)).ToString());
                await Typefaces.BringAsync(page);
                foreach (var (width, scheme) in s_screens)
                {
                    await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    await page.SetViewportSizeAsync(width, 900);
                    await CheckAsync(page);
                }
            }
        }
    }

    private static async Task CheckAsync(IPage page)
    {
        // What is shown depends on the width alone.
        Assert.All(await ChartLabels.CountAsync(page, "time"), count => Assert.InRange(count, 2, 10));
        Assert.All(await ChartLabels.CountAsync(page, "peak"), count => Assert.Equal(1, count));
        foreach (var font in Typefaces.All)
        {
            await Typefaces.SetAsync(page, font);

            Assert.Empty(await ChartLabels.MisplacedAsync(page));
        }
    }
}
