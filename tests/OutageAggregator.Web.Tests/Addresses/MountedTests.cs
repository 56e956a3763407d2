using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OutageAggregator.Web.Tests.Addresses;

/// <summary>The site under a path, behind a real nginx that takes the path off or leaves it on.</summary>
public sealed partial class MountedTests
{
    public static TheoryData<string, string, string?, bool> Ways { get; } = new()
    {
        { "/status", "location /status/ { proxy_pass UPSTREAM/; }", "http://127.0.0.1:PORT/status", false },
        { "/status", "location /status/ { proxy_pass UPSTREAM/; }", "http://127.0.0.1:PORT/status/", false },
        { "/status", "location /status/ { proxy_pass UPSTREAM; }", "http://127.0.0.1:PORT/status", false },
        { "/status", "location /status { proxy_pass UPSTREAM; }", "http://127.0.0.1:PORT/status", false },
        { "/status", "location /status { rewrite ^/status/?(.*)$ /$1 break; proxy_pass UPSTREAM; }", "http://127.0.0.1:PORT/status", false },
        { "/tools/out-ages.1", "location /tools/out-ages.1/ { proxy_pass UPSTREAM/; proxy_set_header Host $http_host; }", "http://127.0.0.1:PORT/tools/out-ages.1", true },
        { "/status", "location /status/ { proxy_pass UPSTREAM/; proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Prefix /status; }", null, true },
        { "/status", "location /status/ { proxy_pass UPSTREAM/; proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Prefix /status/; }", null, true },
        { "/status", "location /status { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Prefix /status; }", null, true },
    };

    // What a page says of its links depends on who names the path (a setting, a header), and on whether it still stands in what is asked: the ways
    // that are left out here repeat one of these, and are tried below.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(8)]
    public async Task Every_link_of_every_page_leads_to_something_under_the_path(int way)
    {
        var (path, nginx, publicUrl, isTrusted) = Ways.ElementAt(way).Data;
        await using var site = await SiteBehindNginx.StartAsync(nginx, publicUrl, isTrusted);
        var waiting = new Queue<string>(
            [$"{path}/", $"{path}/services/claude/report", $"{path}/?query=chatgbt", $"{path}/?query=/nothing", $"{path}/services/chatgpt?region=IT", $"{path}/archive?service=chatgpt"]);
        var seen = new HashSet<string>(waiting, StringComparer.Ordinal);
        var pages = 0;
        while (waiting.TryDequeue(out var address))
        {
            var (answer, text) = await site.SendAsync(HttpMethod.Get, address);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {answer.StatusCode}");
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            if (answer.Content.Headers.ContentType?.MediaType != "text/html")
                continue;
            pages++;
            foreach (var link in Links(text).Where(l => l[0] == '/'))
            {
                Assert.True(link == path || link.StartsWith(path + "/", StringComparison.Ordinal), $"{address} leads to {link}.");
                // What is posted to is tried below, and a stream does not end.
                if (!link.Contains("/api/v1/reports", StringComparison.Ordinal) && !link.Contains("/api/v1/proposals", StringComparison.Ordinal)
                    && !link.Contains("/api/v1/live", StringComparison.Ordinal) && seen.Add(link))
                    waiting.Enqueue(link);
            }
        }
        // One of each kind, and all services.
        foreach (var kind in (string[])["/services/chatgpt", "/services/claude", "/services/chatgpt?region=IT", "/incidents/chatgpt-1", "/incidents/chatgpt-2", "/archive", "/archive?service=chatgpt", "/methodology", "/methodology/track-record", "/shadow", "/privacy", "/developers", "/openapi/v1.json", "/problems", "/api/v1/services", "/api/v1/incidents"])
            Assert.Contains(path + kind, seen);
        Assert.Contains(seen, s => s.StartsWith($"{path}/assets/live-", StringComparison.Ordinal));
        Assert.Contains(seen, s => s.StartsWith($"{path}/assets/tap-", StringComparison.Ordinal));
        Assert.Contains($"{path}/manifest.webmanifest", seen);
        Assert.InRange(pages, 20, 200);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Reports_receipts_redirections_problems_and_the_stream_stay_under_the_path(string path, string nginx, string? publicUrl, bool isTrusted)
    {
        await using var site = await SiteBehindNginx.StartAsync(nginx, publicUrl, isTrusted);
        var ours = ("Origin", site.WithPort("http://127.0.0.1:PORT"));
        var json = ("Accept", "application/json");

        // The plain form, the page that answers it, and the form of that one.
        var (_, form) = await site.SendAsync(HttpMethod.Get, $"{path}/services/claude/report");
        Assert.Equal($"{path}/api/v1/reports", Links(form, "action")[0]);
        using var report = new FormUrlEncodedContent([new("service", "claude")]);
        var (posted, _) = await site.SendAsync(HttpMethod.Post, $"{path}/api/v1/reports", null, report, ours);
        Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
        Assert.StartsWith($"{path}/services/claude/report?region=", posted.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var (_, thanks) = await site.SendAsync(HttpMethod.Get, posted.Headers.Location.OriginalString);
        Assert.Contains("counted", thanks, StringComparison.Ordinal);
        using var token = new FormUrlEncodedContent([new("token", Token().Match(thanks).Groups["token"].Value), new("service", "claude")]);
        var (withdrawn, _) = await site.SendAsync(HttpMethod.Post, Links(thanks, "action")[0], null, token, ours);
        Assert.Equal($"{path}/services/claude/report?reported=withdrawn", withdrawn.Headers.Location!.OriginalString);

        // The receipt of a program.
        using var second = new StringContent("""{"service":"gemini"}""", System.Text.Encoding.UTF8, "application/json");
        var (_, receipt) = await site.SendAsync(HttpMethod.Post, $"{path}/api/v1/reports", null, second, json);
        var withdraw = Json(receipt).GetProperty("withdraw").GetString()!;
        Assert.StartsWith($"{path}/api/v1/reports/", withdraw, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await site.SendAsync(HttpMethod.Delete, withdraw, null, null, json)).Answer.StatusCode);

        // Redirections of pages, and addresses of problems.
        Assert.Equal($"{path}/services/chatgpt", (await site.SendAsync(HttpMethod.Get, $"{path}/services/ChatGPT")).Answer.Headers.Location!.OriginalString);
        var (unknown, text) = await site.SendAsync(HttpMethod.Get, $"{path}/api/v1/services/nothing", null, null, json);
        Assert.Equal((HttpStatusCode.NotFound, $"{path}/api/v1/services/nothing"), (unknown.StatusCode, Json(text).GetProperty("instance").GetString()));
        Assert.Equal($"{path}/problems/unknown-service", Json(text).GetProperty("type").GetString());
        var (_, explained) = await site.SendAsync(HttpMethod.Get, $"{path}/problems/unknown-service", null, null, json);
        Assert.Equal($"{path}/problems/unknown-service", Json(explained).GetProperty("type").GetString());
        Assert.All(
            Json((await site.SendAsync(HttpMethod.Get, $"{path}/problems", null, null, json)).Text).GetProperty("items").EnumerateArray(),
            p => Assert.StartsWith($"{path}/problems/", p.GetProperty("type").GetString(), StringComparison.Ordinal));
        var (_, error) = await site.SendAsync(HttpMethod.Get, $"{path}/services/chatgbt");
        Assert.Contains($"href=\"{path}/services/chatgpt\"", error, StringComparison.Ordinal);

        // The description of the API, the live stream, and the citation.
        var description = Json((await site.SendAsync(HttpMethod.Get, $"{path}/openapi/v1.json", null, null, json)).Text);
        Assert.Equal(publicUrl is null ? path : site.WithPort($"http://127.0.0.1:PORT{path}"), Assert.Single(description.GetProperty("servers").EnumerateArray()).GetProperty("url").GetString());
        var (_, page) = await site.SendAsync(HttpMethod.Get, $"{path}/services/chatgpt");
        Assert.Equal($"{path}/api/v1/live?service=chatgpt", Assert.Single(Links(page, "data-live-from")));
        using var stream = await site.Client.GetAsync(Links(page, "data-live-from")[0], HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 3000", await reader.ReadLineAsync());
        var (_, incident) = await site.SendAsync(HttpMethod.Get, $"{path}/incidents/chatgpt-1");
        Assert.Contains(site.WithPort($"http://127.0.0.1:PORT{path}/incidents/chatgpt-1</blockquote>"), incident, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_typed_is_no_link()
    {
        await using var site = await SiteBehindNginx.StartAsync("location /status/ { proxy_pass UPSTREAM/; }", "http://127.0.0.1:PORT/status");

        var (_, page) = await site.SendAsync(HttpMethod.Get, "/status/?query=/status%22%20href=%22/x");

        Assert.Contains("value=\"/status&quot; href=&quot;/x\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_the_server_itself_finds_it_with_the_path_and_without_it()
    {
        await using var site = await SiteBehindNginx.StartAsync("location / { proxy_pass UPSTREAM; }", "https://example.org/status");

        foreach (var path in (string[])["/readyz", "/status/readyz", "/Status/healthz", "/status", "/status/", "/", "/metrics", "/services/chatgpt", "/status/services/chatgpt"])
            Assert.Equal(HttpStatusCode.OK, (await site.SendAsync(HttpMethod.Get, path)).Answer.StatusCode);
        foreach (var path in (string[])["/statusx/readyz", "/status/status/readyz", "/stat"])
            Assert.Equal(HttpStatusCode.NotFound, (await site.SendAsync(HttpMethod.Get, path)).Answer.StatusCode);
        var (_, home) = await site.SendAsync(HttpMethod.Get, "/status");
        Assert.Contains("<link rel=\"canonical\" href=\"https://example.org/status/\"", home, StringComparison.Ordinal);
        Assert.Contains("<meta property=\"og:url\" content=\"https://example.org/status/\"", home, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/?category=ai", "/?category=ai")]
    [InlineData("/?category=none", "/")]
    [InlineData("/?query=clau", null)]
    [InlineData("/services/chatgpt", "/services/chatgpt")]
    [InlineData("/services/chatgpt?region=IT", "/services/chatgpt?region=IT")]
    [InlineData("/services/chatgpt?utm_source=x", "/services/chatgpt")]
    [InlineData("/services/chatgpt/report", null)]
    [InlineData("/incidents/chatgpt-1", "/incidents/chatgpt-1")]
    [InlineData("/archive", "/archive")]
    [InlineData("/archive?service=ChatGPT", "/archive?service=chatgpt")]
    [InlineData("/archive?after=28800000.chatgpt-1", null)]
    [InlineData("/methodology/track-record", "/methodology/track-record")]
    public async Task A_page_names_its_one_address(string asked, string? named)
    {
        await using var site = await SiteBehindNginx.StartAsync("location / { proxy_pass UPSTREAM; }", "https://example.org");

        var (answer, page) = await site.SendAsync(HttpMethod.Get, asked);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(named is null ? [] : [$"https://example.org{named}"], Canonical().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups["address"].Value)));
    }

    private static List<string> Links(string page, string attributes = "href|src|action|data-live-from|data-tap|data-icon|data-withdraw|data-suggest|data-sheet") =>
        [.. Address().Matches(page).Where(m => attributes.Split('|').Contains(m.Groups["name"].Value, StringComparer.Ordinal)).Select(m => WebUtility.HtmlDecode(m.Groups["address"].Value)).Distinct(StringComparer.Ordinal)];

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [GeneratedRegex("(?<name>[a-z-]+)=\"(?<address>[#/h][^\"]*)\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Address();

    [GeneratedRegex("name=\"token\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Token();

    [GeneratedRegex("<link rel=\"canonical\" href=\"(?<address>[^\"]*)\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Canonical();
}
