using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>The tap without a connection: it is kept, it is said that it is, and it is counted once.</summary>
public sealed class OfflineTests(Chromium chromium, Noon noon)
{
    private readonly (string Name, string Path) _service = noon.Give();

    [Theory]
    [InlineData("the page stays open")]
    [InlineData("the page is closed")]
    [InlineData("another page is opened")]
    public async Task A_tap_offline_is_kept_and_sent_when_there_is_a_connection(string then)
    {
        await using var context = await chromium.OpenAsync(width: 390, touch: true, height: 664);
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await context.SetOfflineAsync(true);
        await page.Down().TapAsync();

        await Expect(page.Receipt()).ToContainTextAsync("No connection. Your report of ");
        await Expect(page.Receipt()).ToContainTextAsync("is kept on this device and sent as soon as this site can take it");
        Assert.True(await page.Receipt().EvaluateAsync<bool>("r => r === document.activeElement"));
        await Expect(page.Receipt()).ToBeInViewportAsync(new() { Ratio = 1 });

        if (then == "the page stays open")
        {
            await context.SetOfflineAsync(false);
        }
        else
        {
            var other = await context.NewPageAsync();
            await page.CloseAsync();
            page = other;
            await context.SetOfflineAsync(false);
            await page.GotoAsync(noon.Url(then == "the page is closed" ? _service.Path : "/privacy"));
        }
        if (then == "another page is opened")
        {
            await Expect(page.Locator(".toast")).ToHaveTextAsync($"{_service.Name}: Thank you, it's counted.");
            await page.Locator(".toast a").TapAsync();
            await Expect(page.Receipt()).ToContainTextAsync("You reported at 12:");
        }
        else
        {
            await Expect(page.Receipt()).ToContainTextAsync("Thank you, it's counted.");
        }
        await Expect(page.Reports()).ToHaveTextAsync("1");
        // And it can be taken back.
        await page.TakeBack().TapAsync();
        await Expect(page.Receipt()).ToHaveTextAsync("Taken back.");
        await Expect(page.Reports()).ToHaveTextAsync("0");
    }

    [Theory]
    [InlineData(10, "", true)]
    [InlineData(180, "It is on the chart as told late.", true)]
    [InlineData(1_300, "It is on the chart as told late.", true)]
    [InlineData(1_441, "that is too old to be counted, and it was not sent", false)]
    public async Task What_waited_is_sent_with_the_time_at_which_it_was_pressed(int minutes, string told, bool isSent)
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await context.SetOfflineAsync(true);
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("No connection");
        await page.RewriteAsync($"t => {{ t.at -= {minutes} * 60000; }}");
        string? sent = null;
        page.Request += (_, request) => sent = request.Method == "POST" ? request.PostData : sent;
        var pressed = DateTimeOffset.UtcNow;

        await context.SetOfflineAsync(false);

        await Expect(page.Receipt()).ToContainTextAsync(minutes == 10 ? "It is on the chart as told late." : told);
        Assert.Equal(isSent, sent is not null);
        if (isSent)
        {
            // By the server's clock, which is years behind this device's.
            var at = DateTimeOffset.Parse(System.Web.HttpUtility.ParseQueryString(sent!)["occurredAt"]!, CultureInfo.InvariantCulture);
            var now = noon.Now;
            Assert.InRange(now.AddMinutes(-minutes) - at, TimeSpan.FromSeconds(-3), DateTimeOffset.UtcNow - pressed + TimeSpan.FromSeconds(63));
        }
        else
        {
            await Expect(page.Down()).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_tap_that_waits_can_be_called_back_and_more_can_be_said_with_it()
    {
        await using var context = await chromium.OpenAsync(zone: "UTC");
        var page = await context.GoToAsync(noon.Url(_service.Path));
        await context.SetOfflineAsync(true);
        await page.Down().ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Don't send it" }).ClickAsync();
        await Expect(page.Receipt()).ToHaveTextAsync("It was not sent.");
        Assert.Equal(0, await page.WaitingAsync());

        await page.Down().ClickAsync();
        await page.GetByText("Say more").ClickAsync();
        await page.GetByLabel("I can't log in").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add it to my report" }).ClickAsync();
        await Expect(page.GetByLabel("I can't log in")).ToBeHiddenAsync();
        await context.SetOfflineAsync(false);

        await Expect(page.Receipt()).ToContainTextAsync("Thank you, it's counted.");
        await Expect(page.Locator("[aria-labelledby=problems] .bars")).ToContainTextAsync("Log-in");
        await Expect(page.Reports()).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task Two_open_pages_send_one_tap_once()
    {
        await using var context = await chromium.OpenAsync();
        var page = await context.GoToAsync(noon.Url(_service.Path));
        var other = await context.GoToAsync(noon.Url(_service.Path));
        var sent = 0;
        context.Request += (_, request) => sent += request.Method == "POST" ? 1 : 0;
        await context.SetOfflineAsync(true);
        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("No connection");
        await Expect(other.Receipt()).ToContainTextAsync("No connection");
        await context.SetOfflineAsync(false);

        await Expect(page.TakeBack()).ToBeVisibleAsync();
        await Expect(other.TakeBack()).ToBeVisibleAsync();
        Assert.Equal(1, sent);
    }
}
