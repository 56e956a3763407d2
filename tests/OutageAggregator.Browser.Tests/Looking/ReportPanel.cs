using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>The parts of a service's page with which people report.</summary>
internal static class ReportPanel
{
    internal static ILocator Down(this IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "It's down for me" });

    internal static ILocator Receipt(this IPage page) => page.Locator("[data-receipt]");

    internal static ILocator TakeBack(this IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Take it back" });

    /// <summary>The reports of the last quarter of an hour, as the page tells them.</summary>
    internal static ILocator Reports(this IPage page) => page.Locator(".vitals dd").First;

    /// <summary>How many taps the browser keeps to send them later.</summary>
    internal static Task<int> WaitingAsync(this IPage page) => page.EvaluateAsync<int>("() => JSON.parse(localStorage['taps /'] ?? '[]').length");

    /// <summary>Changes what the browser keeps of each tap, as if time had gone by.</summary>
    internal static Task RewriteAsync(this IPage page, string change) => page.EvaluateAsync(
        $"() => {{ const taps = JSON.parse(localStorage['taps /']); taps.forEach({change}); localStorage['taps /'] = JSON.stringify(taps); }}");

    internal static async Task<IPage> GoToAsync(this IBrowserContext context, string url)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(url);
        return page;
    }
}
