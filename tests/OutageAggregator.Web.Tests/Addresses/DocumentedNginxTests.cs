using System.Net;
using System.Text.RegularExpressions;
using OutageAggregator.TestKit;

namespace OutageAggregator.Web.Tests.Addresses;

/// <summary>What <c>docs/operations.md</c> shows of nginx works as it stands.</summary>
public sealed partial class DocumentedNginxTests
{
    private static readonly string[] s_servers =
        [.. Block().Matches(File.ReadAllText(ProgramProcess.RepositoryFile("docs/operations.md"))).Select(m => m.Groups["server"].Value)];

    [Theory]
    [InlineData(0, "http://outages.example.org")]
    [InlineData(1, "http://example.org/status")]
    public async Task A_browser_reads_and_reports_and_what_is_for_operators_is_hidden(int number, string publicUrl)
    {
        Assert.Equal(2, s_servers.Length);
        await using var site = await SiteBehindNginx.StartDocumentedAsync(s_servers[number], publicUrl);
        var url = new Uri(publicUrl);
        var path = url.AbsolutePath.TrimEnd('/');
        (string, string)[] spoofed = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "gopher"), ("X-Forwarded-Prefix", "/evil")];

        var (answer, page) = await site.SendAsync(HttpMethod.Get, $"{path}/developers", url.Host, null, spoofed);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("evil", page, StringComparison.Ordinal);
        Assert.Contains($"curl -s \"{publicUrl}/api/v1/", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        using var report = new FormUrlEncodedContent([new("service", "claude")]);
        var (taken, _) = await site.SendAsync(HttpMethod.Post, $"{path}/api/v1/reports", url.Host, report, [("Origin", $"http://{url.Host}"), .. spoofed]);
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        Assert.StartsWith($"{path}/services/claude/report?", taken.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var second = new FormUrlEncodedContent([new("service", "claude")]);
        var (duplicate, _) = await site.SendAsync(HttpMethod.Post, $"{path}/api/v1/reports", url.Host, second, [("Origin", $"http://{url.Host}"), ("X-Forwarded-For", "203.0.113.8")]);
        Assert.Contains("reported=duplicate", duplicate.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var foreign = new FormUrlEncodedContent([new("service", "gemini")]);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.SendAsync(HttpMethod.Post, $"{path}/api/v1/reports", url.Host, foreign, [("Origin", "http://evil.example"), .. spoofed])).Answer.StatusCode);
        foreach (var hidden in (string[])["readyz", "Readyz", "metrics", "%6Detrics", "x/../readyz", "dashboard/", "readyz/x"])
            Assert.Equal(HttpStatusCode.NotFound, (await site.SendAsync(HttpMethod.Get, $"{path}/{hidden}", url.Host)).Answer.StatusCode);
        using var stream = await site.Client.GetAsync($"{path}/api/v1/live?service=chatgpt", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 3000", await reader.ReadLineAsync());
        Assert.Equal("""{"status":"ready"}""", await new HttpClient().GetStringAsync(new Uri(site.Upstream, "/readyz")));
    }

    [GeneratedRegex("```nginx\n(?<server>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 5_000)]
    private static partial Regex Block();
}
