using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests;

/// <summary>Every page by axe's rules, in both colour schemes.</summary>
public sealed class AccessibilityTests(Chromium chromium, PageWorldFixture world)
{
    [Theory]
    [MemberData(nameof(EveryPageTests.Addresses), MemberType = typeof(EveryPageTests))]
    public async Task It_is_accessible_in_light_and_dark_and_complains_of_nothing(string address)
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        var complaints = Complaints.Of(page, world.Address);
        await page.GotoAsync(world.Url(address));
        await EveryPageTests.UnfoldAsync(page);
        await Axe.BringAsync(page);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });

            // Only colours differ between the two.
            Assert.Empty(await Axe.ViolationsAsync(page, scheme == ColorScheme.Light ? [] : ["color-contrast"]));
        }
        Assert.Empty(complaints.Lines);
    }

    [Fact]
    public async Task A_missing_page_is_accessible_as_well()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        var answer = await page.GotoAsync(world.Url("/services/chatgtp"));

        await Axe.BringAsync(page);

        Assert.Equal(404, answer!.Status);
        Assert.Empty(await Axe.ViolationsAsync(page));
        Assert.Equal("ChatGPT", await page.Locator("main li a").First.TextContentAsync());
    }
}
