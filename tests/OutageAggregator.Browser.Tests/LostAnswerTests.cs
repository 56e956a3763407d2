using Microsoft.Playwright;
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

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_server_that_takes_nothing_just_now_is_asked_again_and_a_refusal_is_told(int status)
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await page.RouteAsync("**/api/v1/reports", route => route.FulfillAsync(new() { Status = status, ContentType = "application/problem+json", Body = "{}" }));
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("This site can take no report just now. Your report of ");
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

    [Fact]
    public async Task A_tap_waits_as_long_as_the_server_asks_and_is_sent_by_itself()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(noon.Url(_service.Path));
        var asked = 0;
        await page.RouteAsync("**/api/v1/reports", route =>
        {
            asked++;
            return route.FulfillAsync(new() { Status = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "300" }, Body = "{}" });
        });
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("This site can take no report just now.");

        await page.Clock.FastForwardAsync(200_000);
        Assert.Equal(1, asked);
        await page.UnrouteAllAsync();
        await page.Clock.FastForwardAsync(300_000);

        await Expect(page.Receipt()).ToContainTextAsync("Thank you. It is on the chart as told late.");
        Assert.Equal(0, await page.WaitingAsync());
    }

    [Fact]
    public async Task Who_calls_a_tap_back_that_was_on_its_way_is_told_that_it_may_count()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await page.RouteAsync("**/api/v1/reports", route => route.AbortAsync("connectionreset"));
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("No connection. Your report of ");

        await page.GetByRole(AriaRole.Button, new() { Name = "Don't send it" }).ClickAsync();

        await Expect(page.Receipt()).ToHaveTextAsync("It is not sent again. It was on its way already, so it may have been counted.");
        Assert.Equal(0, await page.WaitingAsync());
    }

    [Fact]
    public async Task What_is_kept_until_the_database_can_be_reached_is_not_said_to_be_counted_later_either()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await page.RouteAsync("**/api/v1/reports", async route =>
        {
            var answer = await route.FetchAsync();
            var body = (await answer.TextAsync()).Replace("\"counted\":true", "\"counted\":false,\"provisional\":true", StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Body = body });
        });
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("Thank you, it's kept. It is counted as soon as our database can be reached.");

        await page.ReloadAsync();

        await Expect(page.Receipt()).ToContainTextAsync("it was kept, to be counted as soon as our database can be reached.");
    }
}
