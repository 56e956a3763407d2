using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>What is said after the tap, and what its receipt takes without scripts.</summary>
public sealed class SayingMoreTests(Chromium chromium, Noon noon)
{
    private readonly (string Name, string Path) _service = noon.Give();

    [Fact]
    public async Task More_is_said_after_the_tap_each_thing_once()
    {
        await using var context = await chromium.OpenAsync(width: 390, touch: true, height: 664, zone: "UTC");
        var page = await context.NewPageAsync();
        var complaints = Complaints.Of(page, noon.Address);
        await page.GotoAsync(noon.Url(_service.Path));
        await page.Down().TapAsync();
        await Expect(page.Receipt()).ToContainTextAsync("Thank you");

        await page.GetByText("Say more").TapAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).TapAsync();
        await Expect(page.Receipt()).ToContainTextAsync("Choose or write something first");
        await page.GetByLabel("I can't log in").CheckAsync();
        await page.GetByLabel("Android app").CheckAsync();
        await page.GetByLabel("Country or territory").SelectOptionAsync("IT");
        await page.GetByLabel("In your words").FillAsync("The code never comes");
        await page.GetByLabel("Where did you go instead?").FillAsync("no such thing");
        await page.GetByLabel("Yes").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).TapAsync();

        await Expect(page.Receipt()).ToContainTextAsync("Thank you, it's added. No service is called 'no such thing'.");
        Assert.True(await page.Receipt().EvaluateAsync<bool>("r => r === document.activeElement"));
        await page.GetByText("Say more").TapAsync();
        // What was not understood can be said again, and nothing else.
        await Expect(page.Locator("[data-report] .field:visible")).ToHaveCountAsync(1);
        await page.GetByLabel("Where did you go instead?").FillAsync("Gemini");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).TapAsync();
        await Expect(page.GetByText("Say more")).ToBeHiddenAsync();
        await Expect(page.Locator("[aria-labelledby=problems] .bars")).ToContainTextAsync("Log-in");
        await Expect(page.Locator("[aria-labelledby=regions] .bars")).ToContainTextAsync("Italy");
        await Expect(page.Reports()).ToHaveTextAsync("1");
        await page.ReloadAsync();
        await Expect(page.Receipt()).ToContainTextAsync("You reported at");
        await Expect(page.GetByText("Say more")).ToBeHiddenAsync();
        Assert.Empty(complaints.Lines);
    }

    [Fact]
    public async Task Back_for_me_is_thanked_and_leaves_the_other_button()
    {
        await using var context = await chromium.OpenAsync(width: 320, touch: true, height: 568);
        var page = await context.NewPageAsync();
        await page.GotoAsync(noon.Url(_service.Path));

        await page.GetByRole(AriaRole.Button, new() { Name = "It's back for me" }).TapAsync();

        await Expect(page.Receipt()).ToContainTextAsync($"It's counted. Thank you for telling that {_service.Name} works again for you. Nobody reported trouble");
        await Expect(page.Receipt()).Not.ToContainTextAsync("just you");
        await Expect(page.Receipt()).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(page.Down()).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.Receipt()).ToContainTextAsync("that it's back. Thank you.");
    }

    [Theory]
    [InlineData(320, 568)]
    [InlineData(360, 640)]
    [InlineData(390, 664)]
    [InlineData(664, 390)]
    public async Task Without_scripts_the_receipt_has_an_address_that_stays_and_takes_more(int width, int height)
    {
        await using var context = await chromium.OpenAsync(scripts: false, width: width, touch: true, height: height);
        var page = await context.NewPageAsync();
        await page.GotoAsync(noon.Url(_service.Path));
        await page.Down().TapAsync();

        var title = page.Locator("h1");
        await Expect(title).ToHaveTextAsync("Thank you, it's counted");
        await Expect(title).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take the report back" })).ToBeInViewportAsync();
        await Expect(page.Locator("h1:target")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(title).ToHaveTextAsync("Thank you, it's counted");

        await page.GetByLabel("I can't log in").CheckAsync();
        await page.GetByLabel("Where did you go instead?").FillAsync("Gemini");
        await page.GetByLabel("No", new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).TapAsync();
        await Expect(title).ToHaveTextAsync("Thank you, it's added");
        await Expect(title).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.GetByText("Say more").TapAsync();
        Assert.Equal(["surface", "region", "comment"], await page.Locator("[data-field]").EvaluateAllAsync<string[]>("f => f.map(e => e.dataset.field)"));

        // A page that was left and come back to, and a second press.
        await page.GoBackAsync();
        await page.GoBackAsync();
        await page.Down().TapAsync();
        await Expect(title).ToHaveTextAsync("You are already counted");
        await page.GoBackAsync();
        await page.GoForwardAsync();
        await Expect(title).ToHaveTextAsync("You are already counted");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_receipt_and_what_it_takes_are_accessible_in_light_and_dark(bool inPlace)
    {
        await using var reporting = await chromium.OpenAsync(scripts: inPlace, width: 390, touch: true, height: 664);
        var page = await reporting.GoToAsync(noon.Url(_service.Path));
        await page.Down().TapAsync();
        await Expect(page.GetByText("Thank you, it's counted").First).ToBeVisibleAsync();
        // The rules are a script: the page that thanks a plain form is opened once more where scripts run.
        await using var reading = await chromium.OpenAsync(width: 390, touch: true, height: 664);
        if (!inPlace)
            page = await reading.GoToAsync(page.Url);
        await EveryPageTests.UnfoldAsync(page);
        await Axe.BringAsync(page);

        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            Assert.Empty(await Axe.ViolationsAsync(page));
        }
    }
}
