using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OutageAggregator.Runtime;
using OutageAggregator.TestKit.Deployment;
using OutageAggregator.TestKit.Redis;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Addresses;
using static Microsoft.Playwright.Assertions;

namespace OutageAggregator.Browser.Tests;

/// <summary>A browser at a site that stands behind a real nginx, over http and under a name: nothing tells where it was but <c>Origin</c>.</summary>
public sealed class BehindNginxTests(Chromium chromium) : IAsyncDisposable
{
    private readonly int _port = Ports.Free();
    private WebApp? _app;
    private Nginx? _nginx;

    [Theory]
    [InlineData("location / { proxy_pass UPSTREAM; }")]
    [InlineData("location / { proxy_pass UPSTREAM; proxy_set_header Host $host; }")]
    public async Task The_script_reports_and_takes_back_behind_a_proxy_that_nobody_told_the_server_of(string nginx)
    {
        await StartAsync(nginx);
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url("/services/claude"));
        Assert.False(await page.EvaluateAsync<bool>("() => isSecureContext"));

        await page.Down().ClickAsync();
        await Expect(page.Receipt()).ToContainTextAsync("Thank you, it's counted");
        await page.TakeBack().ClickAsync();
        await Expect(page.Receipt()).ToHaveTextAsync("Taken back.");
    }

    [Theory]
    [InlineData("location / { proxy_pass UPSTREAM; }", null, "Other sites may not send reports for their visitors")]
    [InlineData("location / { proxy_pass UPSTREAM; proxy_set_header Host $host; }", null, "Thank you, it's counted")]
    [InlineData("location / { proxy_pass UPSTREAM; }", "http://outages.example:PORT", "Thank you, it's counted")]
    public async Task Without_scripts_a_report_is_counted_or_it_is_said_what_the_operator_has_to_set(string nginx, string? publicUrl, string title)
    {
        await StartAsync(nginx, publicUrl);
        await using var context = await chromium.OpenAsync(scripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url("/services/claude"));

        await page.Down().ClickAsync();

        Assert.Equal(title, await page.Locator("h1").TextContentAsync());
        if (title.StartsWith("Other", StringComparison.Ordinal))
            Assert.Contains($"Site:PublicUrl (--public-url {Url("")}", await page.Locator(".lede").TextContentAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("location / { proxy_pass UPSTREAM; }", null)]
    [InlineData("location / { proxy_pass UPSTREAM; proxy_set_header Host $host; }", null)]
    [InlineData("location / { proxy_pass UPSTREAM; }", "http://outages.example:PORT")]
    public async Task A_page_of_another_site_reports_for_nobody(string nginx, string? publicUrl)
    {
        await StartAsync(nginx, publicUrl);
        await using var context = await chromium.OpenAsync();
        await context.RouteAsync("http://evil.example/", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = $"<form method=post action='{Url("/api/v1/reports")}'><input name=service value=claude><button>Win</button></form>",
        }));
        var page = await context.NewPageAsync();
        await page.GotoAsync("http://evil.example/");

        foreach (var headers in (string[])["{}", "{ 'x-requested-with': 'live.js' }", "{ 'content-type': 'application/json' }"])
        {
            var ended = await page.EvaluateAsync<string>(
                $"async () => {{ try {{ await fetch('{Url("/api/v1/reports")}', {{ method: 'POST', headers: {headers}, body: new URLSearchParams('service=claude') }}); return 'read'; }} catch {{ return 'refused'; }} }}");
            Assert.Equal("refused", ended);
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Win" }).ClickAsync();

        Assert.Equal("Other sites may not send reports for their visitors", await page.Locator("h1").TextContentAsync());
        await page.GotoAsync(Url("/services/claude"));
        await Expect(page.Reports()).ToHaveTextAsync("0");
    }

    [Theory]
    [InlineData("location /status/ { proxy_pass UPSTREAM/; }")]
    [InlineData("location /status/ { proxy_pass UPSTREAM; proxy_set_header Host $host; }")]
    public async Task Under_a_path_the_page_is_live_and_takes_reports(string nginx)
    {
        await StartAsync(nginx, "http://outages.example:PORT/status/");
        await using var context = await chromium.OpenAsync();
        var watched = await context.NewPageAsync();
        var complaints = Complaints.Of(watched, new Uri(Url("")));
        await watched.GotoAsync(Url("/status/services/claude"));
        await watched.EvaluateAsync("() => window.loadedOnce = true");
        await Expect(watched.Reports()).ToHaveTextAsync("0");

        var reporter = await context.NewPageAsync();
        await reporter.GotoAsync(Url("/status/services/claude"));
        await reporter.Down().ClickAsync();
        await Expect(reporter.Receipt()).ToContainTextAsync("Thank you, it's counted");

        await Expect(watched.Reports()).ToHaveTextAsync("1");
        Assert.True(await watched.EvaluateAsync<bool>("() => window.loadedOnce"));
        await reporter.TakeBack().ClickAsync();
        await Expect(reporter.Receipt()).ToHaveTextAsync("Taken back.");
        Assert.Empty(complaints.Lines);
    }

    [Fact]
    public async Task Under_a_path_the_worker_keeps_a_tap_and_has_a_page_for_no_connection()
    {
        await StartAsync("location /status/ { proxy_pass UPSTREAM/; }", "http://127.0.0.1:PORT/status/");
        await using var context = await chromium.OpenAsync(width: 390, touch: true, height: 664);
        var page = await context.GoToAsync(Local("/status/services/claude"));
        Assert.Equal(Local("/status/"), await page.WorkerAsync());
        await context.SetOfflineAsync(true);
        await page.Down().TapAsync();
        await Expect(page.Receipt()).ToContainTextAsync("No connection");

        foreach (var address in new[] { "/status/", "/status/services/claude" })
        {
            await page.GotoAsync(Local(address));
            await Expect(page.Locator("h1")).ToHaveTextAsync("No connection");
            await Expect(page.Locator("[data-waiting]")).ToContainTextAsync("Claude is down:");
            Assert.Equal(Local("/status/"), await page.Locator(".wordmark").EvaluateAsync<string>("a => a.href"));
        }
        await context.SetOfflineAsync(false);

        await Expect(page.Receipt()).ToContainTextAsync("You reported at 12:");
        await Expect(page.Reports()).ToHaveTextAsync("1");
        await page.TakeBack().TapAsync();
        await Expect(page.Receipt()).ToHaveTextAsync("Taken back.");
    }

    [Fact]
    public async Task Under_a_path_the_worker_tells_that_it_is_back_and_where()
    {
        _ = Nginx.SkipWhereMissing();
        (_app, _) = await PageWorld.StartAsync(services => services.AddSingleton(
            new SiteSettings { PublicUrl = PublicUrl.Parse(Local("/status/"), null) }));
        await PutBehindAsync("location /status/ { proxy_pass UPSTREAM/; }");
        await using var context = await chromium.OpenAsync();
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync("Object.defineProperty(Notification, 'permission', { get: () => 'granted' }); ServiceWorkerRegistration.prototype.showNotification = async function (title, options) { window.noted = [title, options.data, this.scope]; }");
        await page.GotoAsync(Local("/status/services/chatgpt"));
        await page.WorkerAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Tell me when it’s back" }).ClickAsync();
        await Expect(page.Locator("[data-tell]")).ToHaveAttributeAsync("aria-pressed", "true");

        await page.EndOutageAsync(Local("/status/services/gemini"));
        await page.LookAsync();

        await Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^✓ Back: ChatGPT: over since"));
        Assert.Equal(
            ["ChatGPT: over since 00:20 UTC after 18 minutes · OutageAggregator", Local("/status/services/chatgpt"), Local("/status/")],
            await page.EvaluateAsync<string[]>("() => noted"));
        // The icon that says so is found there, too.
        var icon = await page.EvaluateAsync<string>("() => document.querySelector('link[rel=icon]').href");
        Assert.Equal(200, await page.EvaluateAsync<int>("icon => fetch(icon).then(r => r.status)", icon));
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
            await _nginx.DisposeAsync();
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task StartAsync(string nginx, string? publicUrl = null)
    {
        _ = Nginx.SkipWhereMissing();
        var port = _port.ToString(CultureInfo.InvariantCulture);
        _app = await WebApp.StartAsync(services => services
            .AddSingleton<TimeProvider>(new SimulatedClock(new DateTimeOffset(2024, 11, 8, 12, 0, 0, TimeSpan.Zero), 1, TimeProvider.System))
            .AddSingleton(new SiteSettings { PublicUrl = publicUrl is null ? null : PublicUrl.Parse(publicUrl.Replace("PORT", port, StringComparison.Ordinal), null) }));
        await PutBehindAsync(nginx);
    }

    private async Task PutBehindAsync(string nginx) => _nginx = await Nginx.StartAsync(
        nginx.Replace("UPSTREAM", _app!.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal), _port);

    private string Url(string path) => string.Create(CultureInfo.InvariantCulture, $"http://outages.example:{_port}{path}");

    // This machine's own address: workers run there over http, too.
    private string Local(string path) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}{path}");
}
