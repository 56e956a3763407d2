using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Tests.Pages;

/// <summary>What makes the site one that is at hand: short addresses, the manifest, the page without a connection.</summary>
public sealed class AtHandTests
{
    [Theory]
    [InlineData("/chatgpt", "/services/chatgpt")]
    [InlineData("/ChatGPT", "/services/chatgpt")]
    [InlineData("/Amazon%20Web%20Services", "/services/aws")]
    [InlineData("/chat.openai.com", "/services/chatgpt")]
    [InlineData("/t%C3%A9l%C3%A9gram", "/services/telegram")]
    [InlineData("/is-chatgpt-down", "/services/chatgpt")]
    [InlineData("/chatgpt/", "/services/chatgpt")]
    [InlineData("/is-chatgpt-down/", "/services/chatgpt")]
    [InlineData("/Is-ChatGPT-Down", "/services/chatgpt")]
    [InlineData("/is-openai-api-down", "/services/openai-api")]
    [InlineData("/is-whats-app-down", "/services/whatsapp")]
    [InlineData("/is-chatgpt-down-right-now", "/services/chatgpt")]
    [InlineData("/is-claude-down-today", "/services/claude")]
    [InlineData("/is-aws-down-now", "/services/aws")]
    [InlineData("/chatgpt?zone=Europe/Rome&region=IT", "/services/chatgpt?zone=Europe/Rome&region=IT")]
    public async Task A_service_is_found_at_a_short_address(string address, string service)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using var request = new HttpRequestMessage(method, address);
            using var answer = await app.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode.PermanentRedirect, service), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        }
        using var led = await app.Client.GetAsync(service);
        Assert.Equal(HttpStatusCode.OK, led.StatusCode);
    }

    [Theory]
    [InlineData("/chatgtp", "/services/chatgpt")]
    [InlineData("/is-telegran-down", "/services/telegram")]
    [InlineData("/nothing-like-it-anywhere", null)]
    [InlineData("/is--down", null)]
    [InlineData("/is-down", null)]
    [InlineData("/favicon.ico", null)]
    [InlineData("/chatgpt/down", null)]
    public async Task What_no_service_is_called_is_not_found_and_offers_the_search(string address, string? near)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        using var request = new HttpRequestMessage(HttpMethod.Get, address).With("Accept", "text/html");

        using var answer = await app.Client.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("role=\"search\"", page, StringComparison.Ordinal);
        Assert.Contains($"Nothing is at {address}.", page, StringComparison.Ordinal);
        if (near is not null)
            Assert.Contains($"href=\"{near}\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("privacy", "text/html")]
    [InlineData("zones", "text/html")]
    [InlineData("healthz", "application/json")]
    [InlineData("offline", "text/html")]
    [InlineData("archive", "text/html")]
    public async Task A_page_of_ours_is_never_covered_by_a_service_that_is_called_like_it(string slug, string type)
    {
        var catalog = TestCatalog.Create();
        var (app, _) = await PageWorld.StartAsync(services => services.AddSingleton(new Catalog(
            catalog.Categories, [.. catalog.Services, new Service(ServiceSlug.Parse(slug), $"The {slug}", "ai", [], null, "UTC", null)])));
        await using var owned = app;

        using var page = await app.Client.GetAsync($"/{slug}");
        using var service = await app.Client.GetAsync($"/services/{slug}");
        using var asked = await app.Client.GetAsync($"/is-{slug}-down");
        using var posted = await app.Client.PostAsync($"/{slug}", null);

        Assert.Equal((HttpStatusCode.OK, type), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.DoesNotContain($"The {slug}", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, service.StatusCode);
        Assert.Equal($"/services/{slug}", asked.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task What_is_no_read_is_not_led_anywhere()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var answer = await app.Client.PostAsync("/chatgpt", null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_manifest_names_icons_that_are_there_and_of_the_sizes_it_says()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        Assert.Contains("<link rel=\"manifest\" href=\"/manifest.webmanifest\">", await app.PageAsync("/services/claude?zone=Europe/Rome"), StringComparison.Ordinal);

        using var answer = await app.Client.GetAsync("/manifest.webmanifest");
        var manifest = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal("application/manifest+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("OutageAggregator", manifest.GetProperty("name").GetString());
        // An id is relative to the origin, under which there may be two sites.
        Assert.False(manifest.TryGetProperty("id", out _));
        Assert.Equal("standalone", manifest.GetProperty("display").GetString());
        // Relative to the manifest, so that they hold under any path.
        Assert.Equal(["./", "./"], new[] { "start_url", "scope" }.Select(n => manifest.GetProperty(n).GetString()));
        var icons = manifest.GetProperty("icons").EnumerateArray().ToList();
        Assert.Equal(["any", "192x192", "512x512", "512x512"], icons.Select(i => i.GetProperty("sizes").GetString()));
        Assert.Contains(icons, i => i.GetProperty("purpose").GetString() == "maskable");
        foreach (var icon in icons)
        {
            var address = icon.GetProperty("src").GetString()!;
            Assert.StartsWith("assets/", address, StringComparison.Ordinal);
            using var image = await app.Client.GetAsync($"/{address}");
            Assert.Equal((HttpStatusCode.OK, icon.GetProperty("type").GetString()), (image.StatusCode, image.Content.Headers.ContentType!.MediaType));
            var bytes = await image.Content.ReadAsByteArrayAsync();
            if (icon.GetProperty("type").GetString() == "image/png")
                Assert.Equal(icon.GetProperty("sizes").GetString(), $"{Number(bytes, 16)}x{Number(bytes, 20)}");
        }

        static int Number(byte[] bytes, int at) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
    }

    [Fact]
    public async Task The_worker_keeps_files_that_are_there_and_nothing_that_speaks_of_now()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var answer = await app.Client.GetAsync("/worker.js");
        var script = await answer.Content.ReadAsStringAsync();
        var files = JsonSerializer.Deserialize<string[]>(script[script.IndexOf('[', StringComparison.Ordinal)..(script.IndexOf(']', StringComparison.Ordinal) + 1)])!;

        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoCache);
        Assert.Contains("worker-src 'self'", string.Concat(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("offline", files[0]);
        Assert.All(files[1..], f => Assert.StartsWith("assets/", f, StringComparison.Ordinal));
        foreach (var file in files)
            Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync($"/{file}")).StatusCode);
        // All that the page loads is among them.
        var page = await app.PageAsync("/offline");
        foreach (var asset in new[] { "charts.css", "site.css", "live-en.js", "tap.js", "favicon.svg" })
        {
            Assert.Contains($"\"{SiteAssets.Path(asset)}\"", page, StringComparison.Ordinal);
            Assert.Contains(SiteAssets.Path(asset)[1..], files);
        }
        Assert.DoesNotContain("2024", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Counting now", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/services/chatgpt", "It&#x27;s not just you", "(As of 9 Nov 2024, 00:21 UTC.)")]
    [InlineData("/services/claude?zone=Asia/Kathmandu", "It may be just you", "(As of 9 Nov 2024, 06:06 UTC+5:45.)")]
    [InlineData("/services/openai", "It&#x27;s not just you", "(As of 9 Nov 2024, 00:21 UTC.)")]
    public async Task The_description_of_a_shared_address_names_the_time_at_which_it_was_true(string address, string said, string at)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var page = await app.PageAsync(address);

        foreach (var start in (string[])["<meta name=\"description\" content=\"", "<meta property=\"og:description\" content=\""])
        {
            var from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
            var described = page[from..page.IndexOf('"', from)];
            Assert.StartsWith(said, described, StringComparison.Ordinal);
            Assert.EndsWith(at, WebUtility.HtmlDecode(described), StringComparison.Ordinal);
        }
    }
}
