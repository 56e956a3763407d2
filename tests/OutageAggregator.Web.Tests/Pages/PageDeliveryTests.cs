using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.TestKit.Web;
using OutageAggregator.Web.Admission;
using OutageAggregator.Web.Layout;

namespace OutageAggregator.Web.Tests.Pages;

public sealed partial class PageDeliveryTests
{
    [Fact]
    public async Task Who_has_the_page_already_is_told_so()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        using var first = await app.Client.GetAsync("/services/claude");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/services/claude");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await app.Client.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.True(second.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task A_page_is_the_same_compressed(string encoding)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var plain = await app.PageAsync("/methodology");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/methodology");
        request.Headers.AcceptEncoding.ParseAdd(encoding);

        using var answer = await app.Client.SendAsync(request);
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using Stream opened = encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
        using var reader = new StreamReader(opened);

        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        Assert.Equal(plain, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task An_encoding_that_is_refused_is_not_used()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/methodology");
        request.Headers.AcceptEncoding.ParseAdd("br;q=0, gzip;q=0");

        using var answer = await app.Client.SendAsync(request);

        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/services/chatgpt")]
    [InlineData("/services/chatgpt/report")]
    [InlineData("/incidents/chatgpt-1")]
    public async Task Head_answers_without_a_body(string address)
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        using var request = new HttpRequestMessage(HttpMethod.Head, address);

        using var answer = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(answer.Content.Headers.ContentLength ?? 0, 1_000, 200_000);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_thousand_readers_at_once_get_one_page()
    {
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(new LimitSettings { ReadsPerMinute = 0 }));
        await using var owned = app;

        var pages = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => app.Client.GetStringAsync("/services/chatgpt")));

        Assert.Single(pages.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_assets_of_a_page_are_all_there_for_a_year_under_a_name_of_their_content()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;
        var addresses = Assets().Matches(await app.PageAsync("/")).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.Equal(4, addresses.Count);
        foreach (var address in addresses)
        {
            using var answer = await app.Client.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
            Assert.Contains(answer.Content.Headers.ContentType!.MediaType, new[] { "text/css", "text/javascript", "image/svg+xml" });
        }
    }

    [Fact]
    public void Styles_and_scripts_together_stay_under_30_kilobytes() =>
        Assert.InRange(SiteAssets.Length("site.css") + SiteAssets.Length("charts.css") + SiteAssets.Length("live.js"), 1, 30 * 1024);

    [Fact]
    public async Task A_page_of_an_older_release_gets_the_assets_of_this_one_and_does_not_keep_them()
    {
        var (app, _) = await PageWorld.StartAsync();
        await using var owned = app;

        using var older = await app.Client.GetAsync("/assets/site-00000000.css");
        using var unknown = await app.Client.GetAsync("/assets/other-00000000.css");

        Assert.Equal(HttpStatusCode.OK, older.StatusCode);
        Assert.True(older.Headers.CacheControl!.NoCache);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData(true, "https", "https://")]
    [InlineData(true, "http, HTTPS", "https://")]
    [InlineData(true, "javascript", "http://")]
    [InlineData(false, "https", "http://")]
    public async Task Links_that_leave_the_server_have_the_scheme_that_a_trusted_proxy_was_reached_by(bool isTrusted, string forwarded, string scheme)
    {
        var proxies = new ProxySettings { Trusted = isTrusted ? [IPNetwork.Parse("127.0.0.0/8")] : [] };
        var (app, _) = await PageWorld.StartAsync(s => s.AddSingleton(proxies));
        await using var owned = app;
        foreach (var address in new[] { "/incidents/chatgpt-1", "/developers" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address).With("X-Forwarded-Proto", forwarded);
            using var answer = await app.Client.SendAsync(request);
            Assert.Contains($"{scheme}{app.Address.Authority}/", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("(?:href|src)=\"(/assets/[^\"]+)\"")]
    private static partial Regex Assets();
}
