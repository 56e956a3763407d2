using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(OutageAggregator.Browser.Tests.Looking.Chromium))]

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>
/// One Chromium for all tests: the one installed on the machine, or the one that <c>OUTAGE_CHROMIUM</c> names. Where there is none, every
/// test is skipped and says why: a browser is not something to download behind somebody's back.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] s_places =
    [
        Environment.GetEnvironmentVariable("OUTAGE_CHROMIUM") ?? "",
        // The one without a window's parts takes half the time.
        "/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable",
    ];

    // Two busy cores render slowly; a wrong page stays wrong for longer.
    internal const float Patience = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (s_places.FirstOrDefault(File.Exists) is not { } path)
            return;
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Timeout = Patience,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                // A name makes a page that is not this machine's own: over http it has no secure context, as out there.
                "--host-resolver-rules=MAP *.example 127.0.0.1",
            ],
        });
    }

    /// <summary>A fresh profile; the test is skipped where there is no browser.</summary>
    public async Task<IBrowserContext> OpenAsync(
        bool scripts = true, ColorScheme scheme = ColorScheme.Light, int width = 1280, string zone = "Europe/Rome", bool touch = false, int height = 900)
    {
        if (_browser is null)
            Assert.Skip($"No Chromium at {string.Join(", ", s_places.Where(p => p.Length > 0))}. Install one, or name it in OUTAGE_CHROMIUM.");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            TimezoneId = zone,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            HasTouch = touch,
        });
        context.SetDefaultTimeout(Patience);
        return context;
    }

    /// <summary>A slow line for a page: 50 kB/s, and 400 ms there and back.</summary>
    internal static async Task ThrottleAsync(IBrowserContext context, IPage page)
    {
        var session = await context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = 400,
            ["downloadThroughput"] = 50_000,
            ["uploadThroughput"] = 50_000,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
