using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>A tap whose answer did not come, or was no answer to it: it is counted once, and what is not known is said.</summary>
public sealed class LostAnswerTests(Chromium chromium, Noon noon)
{
    private readonly (string Name, string Path) _service = noon.Give();

    [Fact]
    public async Task A_tap_whose_answer_was_lost_is_sent_again_and_counted_once()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await page.RouteAsync("**/api/v1/reports", async route =>
        {
            _ = await route.FetchAsync();
            await route.AbortAsync("connectionreset");
        });
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("No connection");
        await page.UnrouteAllAsync();

        await page.ReloadAsync();

        await Expect(page.Receipt()).ToContainTextAsync("You are already counted");
        await Expect(page.Reports()).ToHaveTextAsync("1");
        Assert.Equal(0, await page.WaitingAsync());
    }

    [Fact]
    public async Task What_may_have_been_counted_is_not_sent_again_once_the_server_no_longer_knows_by_whom()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await page.RouteAsync("**/api/v1/reports", route => route.AbortAsync("connectionreset"));
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("No connection");
        await page.UnrouteAllAsync();
        await page.RewriteAsync("t => { t.at -= 31 * 60000; t.tried -= 31 * 60000; }");

        await page.ReloadAsync();

        await Expect(page.Receipt()).ToContainTextAsync("whether it was counted is not known. It is not sent again");
        await Expect(page.Down()).ToBeVisibleAsync();
        await Expect(page.Reports()).ToHaveTextAsync("0");
    }

    [Fact]
    public async Task A_server_that_takes_nothing_just_now_is_asked_again_and_a_refusal_is_told()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await page.RouteAsync("**/api/v1/reports", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = "{}" }));
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("is kept on this device");
        await page.UnrouteAllAsync();
        await page.RouteAsync("**/api/v1/reports", route => route.FulfillAsync(new()
        {
            Status = 400,
            ContentType = "application/problem+json",
            Body = """{"title":"Something in the request can't be used","detail":"occurredAt: too early"}""",
        }));

        await page.ReloadAsync();

        await Expect(page.Receipt()).ToHaveTextAsync("Something in the request can't be used. occurredAt: too early");
        await Expect(page.Down()).ToBeVisibleAsync();
        Assert.Equal(0, await page.WaitingAsync());
    }
}
