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

    /// <summary>
    /// The next time that the page of ChatGPT is asked for, it is that of a service without an outage, with a title that says that it is
    /// over.
    /// </summary>
    /// <param name="quiet">The address of Gemini's page.</param>
    internal static Task EndOutageAsync(this IPage page, string quiet) => page.RouteAsync("**/services/chatgpt", async route =>
    {
        var answer = await route.FetchAsync(new() { Url = quiet });
        var html = (await answer.TextAsync()).Replace(
            "Gemini: reports as usual", "ChatGPT: over since 00:20 UTC after 18 minutes", StringComparison.Ordinal);
        await route.FulfillAsync(new() { Response = answer, Body = html });
    });

    /// <summary>Somebody comes back to the page: it brings itself up to date.</summary>
    internal static Task LookAsync(this IPage page) =>
        page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");

    internal static async Task<IPage> GoToAsync(this IBrowserContext context, string url)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(url);
        return page;
    }

    /// <summary>Waits until the worker runs, and answers with its scope. The browser's own promise waits for ever where none comes.</summary>
    internal static Task<string> WorkerAsync(this IPage page) => page.EvaluateAsync<string>(
        "patience => Promise.race([navigator.serviceWorker.ready.then(r => r.scope), new Promise((_, no) => setTimeout(() => no(new Error('No worker came.')), patience))])",
        (int)Chromium.Patience);
}
