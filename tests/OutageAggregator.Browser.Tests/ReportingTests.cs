using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>Pressing the button, in a real browser against the whole application, from noon on.</summary>
public sealed class ReportingTests(Chromium chromium, Noon noon)
{
    private readonly (string Name, string Path) _service = noon.Give();

    [Fact]
    public async Task One_press_counts_without_scripts_and_can_be_taken_back()
    {
        await using var context = await chromium.OpenAsync(scripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(noon.Url(_service.Path));

        await page.Down().ClickAsync();
        Assert.Equal("Thank you, it's counted", await page.Locator("h1").TextContentAsync());
        var thanks = page.Url;
        await ReloadUntilAsync(page, _service.Path, "1");

        await page.GotoAsync(thanks);
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the report back" }).ClickAsync();
        Assert.Equal("Taken back", await page.Locator("h1").TextContentAsync());
        await ReloadUntilAsync(page, _service.Path, "0");
    }

    [Fact]
    public async Task What_is_chosen_without_scripts_is_what_is_counted()
    {
        await using var context = await chromium.OpenAsync(scripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(noon.Url($"{_service.Path}/report"));

        await page.GetByLabel("I can't log in").CheckAsync();
        await page.GetByLabel("Android app").CheckAsync();
        await page.GetByLabel("Country or territory").SelectOptionAsync("IT");
        await page.Down().ClickAsync();
        await ReloadUntilAsync(page, $"{_service.Path}?region=IT", "1");

        Assert.Contains("Log-in", await page.Locator("[aria-labelledby=problems] .bars").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("Android app", await page.Locator("[aria-labelledby=surfaces] .bars").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("Italy", await page.Locator("[aria-labelledby=regions] .bars").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_moves_on_another_open_page_without_a_reload()
    {
        await using var watching = await chromium.OpenAsync();
        var watched = await watching.NewPageAsync();
        await watched.GotoAsync(noon.Url(_service.Path));
        await watched.EvaluateAsync("() => window.loadedOnce = true");
        await Expect(watched.Reports()).ToHaveTextAsync("0");

        await using var reporting = await chromium.OpenAsync(scripts: false);
        var reporter = await reporting.NewPageAsync();
        await reporter.GotoAsync(noon.Url(_service.Path));
        await reporter.Down().ClickAsync();

        await Expect(watched.Reports()).ToHaveTextAsync("1");
        Assert.True(await watched.EvaluateAsync<bool>("() => window.loadedOnce"));
    }

    [Fact]
    public async Task With_scripts_the_answer_appears_in_place_and_the_region_comes_from_the_time_zone()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        var complaints = Complaints.Of(page, noon.Address);
        await page.GotoAsync(noon.Url(_service.Path));
        var height = await page.EvaluateAsync<int>("() => document.querySelector('.report').offsetHeight");

        var other = await context.NewPageAsync();
        await other.AddInitScriptAsync("Object.defineProperty(window, 'localStorage', { value: null })");
        await other.GotoAsync(noon.Url(_service.Path));

        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("Thank you, it's counted. Yours is the only report of the last 15 minutes so far");
        await Expect(page.Reports()).ToHaveTextAsync("1");
        await Expect(page.Locator("[aria-labelledby=regions] .bars")).ToContainTextAsync("Italy");
        Assert.Equal(height, await page.EvaluateAsync<int>("() => document.querySelector('.report').offsetHeight"));

        // One that knows nothing of the first, as another device behind the same connection.
        await other.Down().ClickAsync();
        await Expect(other.Receipt()).ToContainTextAsync("You are already counted");
        Assert.Equal(0, await other.TakeBack().CountAsync());
        Assert.Empty(complaints.Lines);
    }

    [Fact]
    public async Task With_scripts_a_report_can_be_taken_back_in_place()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(noon.Url(_service.Path));

        await page.Down().ClickAsync();
        await page.TakeBack().ClickAsync();

        await Expect(page.Receipt()).ToHaveTextAsync("Taken back.");
        await Expect(page.Reports()).ToHaveTextAsync("0");
    }

    // Pages and readers share what they know for a second each.
    private async Task ReloadUntilAsync(IPage page, string address, string reports)
    {
        var told = "";
        for (var i = 0; i < 100 && told != reports; i++)
        {
            await page.GotoAsync(noon.Url(address));
            told = await page.Reports().TextContentAsync();
        }
        Assert.Equal(reports, told);
    }
}
