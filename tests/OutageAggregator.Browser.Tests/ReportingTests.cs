using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OutageAggregator.Runtime;
using OutageAggregator.Storage;
using OutageAggregator.TestKit.Web;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>Pressing the button, in a real browser against the whole application, from noon on.</summary>
public sealed class ReportingTests(Chromium chromium) : IAsyncLifetime
{
    private WebApp _app = null!;

    // It runs, as the pages' own does: what a page shows comes a moment after what was reported. A quiet week lies behind it.
    public async ValueTask InitializeAsync()
    {
        var noon = new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero);
        _app = await WebApp.StartAsync(services => services.AddSingleton<TimeProvider>(new SimulatedClock(noon, 1, TimeProvider.System)));
        await _app.Services.GetRequiredService<ICountStore>().ObserveAsync(new MinuteRange(Minute.Of(noon.AddDays(-7)), Minute.Of(noon)), default);
    }

    [Fact]
    public async Task One_press_counts_without_scripts_and_can_be_taken_back()
    {
        await using var context = await chromium.OpenAsync(scripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url("/services/claude"));

        await page.GetByRole(AriaRole.Button, new() { Name = "It's down for me" }).ClickAsync();
        Assert.Equal("Thank you, it's counted", await page.Locator("h1").TextContentAsync());
        var thanks = page.Url;
        await ReloadUntilAsync(page, "/services/claude", "1");

        await page.GotoAsync(thanks);
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the report back" }).ClickAsync();
        Assert.Equal("Taken back", await page.Locator("h1").TextContentAsync());
        await ReloadUntilAsync(page, "/services/claude", "0");
    }

    [Fact]
    public async Task What_is_chosen_without_scripts_is_what_is_counted()
    {
        await using var context = await chromium.OpenAsync(scripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url("/services/claude/report"));

        await page.GetByLabel("I can't log in").CheckAsync();
        await page.GetByLabel("Android app").CheckAsync();
        await page.GetByLabel("Country or territory").SelectOptionAsync("IT");
        await page.GetByRole(AriaRole.Button, new() { Name = "It's down for me" }).ClickAsync();
        await ReloadUntilAsync(page, "/services/claude?region=IT", "1");

        Assert.Contains("Log-in", await page.Locator("[aria-labelledby=problems] .bars").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("Android app", await page.Locator("[aria-labelledby=surfaces] .bars").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("Italy", await page.Locator("[aria-labelledby=regions] .bars").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_moves_on_another_open_page_without_a_reload()
    {
        await using var watching = await chromium.OpenAsync();
        var watched = await watching.NewPageAsync();
        await watched.GotoAsync(Url("/services/gemini"));
        await watched.EvaluateAsync("() => window.loadedOnce = true");
        await Expect(Reports(watched)).ToHaveTextAsync("0");

        await using var reporting = await chromium.OpenAsync(scripts: false);
        var reporter = await reporting.NewPageAsync();
        await reporter.GotoAsync(Url("/services/gemini"));
        await reporter.GetByRole(AriaRole.Button, new() { Name = "It's down for me" }).ClickAsync();

        await Expect(Reports(watched)).ToHaveTextAsync("1");
        Assert.True(await watched.EvaluateAsync<bool>("() => window.loadedOnce"));
    }

    [Fact]
    public async Task With_scripts_the_answer_appears_in_place_and_the_region_comes_from_the_time_zone()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        var complaints = Complaints.Of(page, _app.Address);
        await page.GotoAsync(Url("/services/telegram"));
        var height = await page.EvaluateAsync<int>("() => document.querySelector('.report').offsetHeight");

        var other = await context.NewPageAsync();
        await other.AddInitScriptAsync("Object.defineProperty(window, 'localStorage', { value: null })");
        await other.GotoAsync(Url("/services/telegram"));

        await page.GetByRole(AriaRole.Button, new() { Name = "It's down for me" }).ClickAsync();
        await Expect(page.Locator("[data-receipt]")).ToContainTextAsync("Thank you, it's counted. Yours is the only report of the last 15 minutes so far");
        await Expect(Reports(page)).ToHaveTextAsync("1");
        await Expect(page.Locator("[aria-labelledby=regions] .bars")).ToContainTextAsync("Italy");
        Assert.Equal(height, await page.EvaluateAsync<int>("() => document.querySelector('.report').offsetHeight"));

        // One that knows nothing of the first, as another device behind the same connection.
        await other.GetByRole(AriaRole.Button, new() { Name = "It's down for me" }).ClickAsync();
        await Expect(other.Locator("[data-receipt]")).ToContainTextAsync("You are already counted");
        Assert.Equal(0, await other.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).CountAsync());
        Assert.Empty(complaints.Lines);
    }

    [Fact]
    public async Task With_scripts_a_report_can_be_taken_back_in_place()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url("/services/aws"));

        await page.GetByRole(AriaRole.Button, new() { Name = "It's down for me" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();

        await Expect(page.Locator("[data-receipt]")).ToHaveTextAsync("Taken back.");
        await Expect(Reports(page)).ToHaveTextAsync("0");
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // Pages and readers share what they know for a second each.
    private async Task ReloadUntilAsync(IPage page, string address, string reports)
    {
        var told = "";
        for (var i = 0; i < 100 && told != reports; i++)
        {
            await page.GotoAsync(Url(address));
            told = await Reports(page).TextContentAsync();
        }
        Assert.Equal(reports, told);
    }

    private static ILocator Reports(IPage page) => page.Locator(".vitals dd").First;

    private string Url(string address) => new Uri(_app.Address, address).ToString();
}
