using System.Net;
using System.Text.RegularExpressions;
using OutageAggregator.TestKit;

namespace OutageAggregator.Web.Tests.Addresses;

/// <summary>
/// Reports by browser behind a real nginx, as people configure it, over http, where a browser says <c>Origin</c> and no <c>Sec-Fetch-Site</c>.
/// A report of another site is refused in each of these ways.
/// </summary>
public sealed partial class BehindNginxTests
{
    private const string Bare = "location / { proxy_pass UPSTREAM; }";
    private const string HostWithoutPort = "location / { proxy_pass UPSTREAM; proxy_set_header Host $host; }";
    private const string HostWithOwnPort = "location / { proxy_pass UPSTREAM; proxy_set_header Host $host:$server_port; }";
    private const string HostAsAsked = "location / { proxy_pass UPSTREAM; proxy_set_header Host $http_host; }";
    private const string Forwarding = "location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $http_host; }";
    private const string ForwardingWithoutPort = "location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $host; }";

    // nginx passes on whatever it does not set itself.
    private static readonly (string, string)[] s_spoofed = [("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/evil")];

    [Theory]
    // Host is the name of the upstream. Nothing tells the form of our page from that of another one: only our script may.
    [InlineData(Bare, "outages.example", null, false, false)]
    [InlineData(Bare, "OUTAGES.example", null, false, false)]
    [InlineData(Bare, "[::1]", null, false, false)]
    // Host is what people typed, with and without the port that is not 80.
    [InlineData(HostWithoutPort, "outages.example", null, false, true)]
    [InlineData(HostWithoutPort, "OUTAGES.example", null, false, true)]
    [InlineData(HostWithoutPort, "[::1]", null, false, true)]
    [InlineData(HostWithOwnPort, "outages.example", null, false, true)]
    [InlineData(HostWithOwnPort, "[::1]", null, false, true)]
    [InlineData(HostAsAsked, "outages.example", null, false, true)]
    [InlineData(HostAsAsked, "192.0.2.7", null, false, true)]
    // The proxy says it: believed where it is trusted, and nowhere else.
    [InlineData(Forwarding, "outages.example", null, false, false)]
    [InlineData(Forwarding, "outages.example", null, true, true)]
    [InlineData(Forwarding, "[::1]", null, true, true)]
    [InlineData(ForwardingWithoutPort, "outages.example", null, true, true)]
    [InlineData(Bare, "outages.example", null, true, false)]
    // The operator says it.
    [InlineData(Bare, "outages.example", "http://outages.example:PORT", false, true)]
    [InlineData(Bare, "OUTAGES.example", "http://Outages.Example:PORT/", false, true)]
    [InlineData(Bare, "[::1]", "http://[0:0::1]:PORT", false, true)]
    [InlineData(Bare, "outages.example", "http://outages.example", false, false)]
    public async Task A_page_of_ours_may_report_and_none_of_another_site(string nginx, string name, string? publicUrl, bool isTrusted, bool formIsTaken)
    {
        await using var site = await SiteBehindNginx.StartAsync(nginx, publicUrl, isTrusted);
        var host = site.WithPort($"{name}:PORT");
        // A browser makes names lower case, in the address and in Origin.
        var ours = $"http://{host.ToLowerInvariant()}";

        Assert.Equal(formIsTaken, await IsTakenAsync(site, host, ours));
        Assert.True(await IsTakenAsync(site, host, ours, ("X-Requested-With", "live.js")));
        // On this machine, and over https, browsers say it themselves.
        Assert.True(await IsTakenAsync(site, host, ours, ("Sec-Fetch-Site", "same-origin")));
        // A page of another site: its browser tells the truth about it, and does not add headers for it.
        foreach (var other in (string[])["http://evil.example", site.WithPort("http://evil.example:PORT"), $"http://sub.{name}", $"http://{name}.evil.example", "null", "https://evil.example"])
            Assert.False(await IsTakenAsync(site, host, other), other);
        Assert.False(await IsTakenAsync(site, host, "http://evil.example", ("Sec-Fetch-Site", "cross-site")));
        Assert.False(await IsTakenAsync(site, host, ours, ("Sec-Fetch-Site", "same-site")));
        Assert.False(await IsTakenAsync(site, host, ours, ("Sec-Fetch-Site", "cross-site"), ("X-Requested-With", "live.js")));
    }

    [Fact]
    public async Task What_only_our_script_may_send_a_page_of_another_site_is_not_allowed_to()
    {
        await using var site = await SiteBehindNginx.StartAsync(Bare);

        var (allowed, _) = await site.SendAsync(
            HttpMethod.Options, "/api/v1/reports", null, null, ("Origin", "http://evil.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-requested-with"));

        // A browser goes by these names; the method POST needs no leave.
        var headers = Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Headers")).Split(", ");
        Assert.DoesNotContain(headers, h => h == "*" || h.Equals("X-Requested-With", StringComparison.OrdinalIgnoreCase) || h.Equals("Content-Type", StringComparison.OrdinalIgnoreCase));
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task What_a_caller_writes_into_the_headers_of_proxies_is_not_believed()
    {
        await using var site = await SiteBehindNginx.StartAsync(Bare);
        var host = site.WithPort("outages.example:PORT");

        Assert.False(await IsTakenAsync(site, host, "http://evil.example", s_spoofed));
        var (_, page) = await site.SendAsync(HttpMethod.Get, "/developers", host, null, s_spoofed);
        Assert.DoesNotContain("evil", page, StringComparison.Ordinal);
        Assert.Contains($"&quot;{site.Upstream}api/v1/reports", page.Replace("\"", "&quot;", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("href=\"/archive\"", page, StringComparison.Ordinal);
        var (incident, cited) = await site.SendAsync(HttpMethod.Get, "/incidents/chatgpt-1", host, null, s_spoofed);
        Assert.Equal(HttpStatusCode.OK, incident.StatusCode);
        Assert.Contains($"{site.Upstream}incidents/chatgpt-1", cited, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Forwarding, null, true, "http://outages.example:PORT")]
    [InlineData(Forwarding, null, false, "http://127.0.0.1:")]
    [InlineData(Bare, "https://status.example/", false, "https://status.example")]
    [InlineData(Forwarding, "https://status.example/outages/", true, "https://status.example/outages")]
    [InlineData("location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto https; }", null, true, "https://outages.example:PORT")]
    [InlineData("location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-Host \"evil.example, $http_host\"; }", null, true, "http://outages.example:PORT")]
    [InlineData("location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-Host \"no host\"; }", null, true, "http://127.0.0.1:")]
    [InlineData("location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-Host \"a/b\"; proxy_set_header X-Forwarded-Prefix //evil.example; }", null, true, "http://127.0.0.1:")]
    public async Task Links_that_leave_the_site_begin_with_its_public_address(string nginx, string? publicUrl, bool isTrusted, string begin)
    {
        await using var site = await SiteBehindNginx.StartAsync(nginx, publicUrl, isTrusted);
        var host = site.WithPort("outages.example:PORT");
        begin = site.WithPort(begin);

        Assert.Contains($"curl -s \"{begin}", WebUtility.HtmlDecode((await site.SendAsync(HttpMethod.Get, "/developers", host)).Text), StringComparison.Ordinal);
        var (_, incident) = await site.SendAsync(HttpMethod.Get, "/incidents/chatgpt-1", host);
        Assert.Matches($"id=\"citation\">[^<]* {begin}[^ <]*/incidents/chatgpt-1</blockquote>", incident);
        // Only what is stated is the site's one address.
        var canonical = $"<link rel=\"canonical\" href=\"{begin}/incidents/chatgpt-1\"";
        Assert.Equal(publicUrl is not null, incident.Contains(canonical, StringComparison.Ordinal));
        Assert.Equal(publicUrl is not null, incident.Contains("rel=\"canonical\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_our_scripts_change_goes_out_with_what_no_other_site_may_send()
    {
        var scripts = Directory.GetFiles(ProgramProcess.RepositoryFile("src/OutageAggregator.Web/Layout/Assets"), "*.js").Select(File.ReadAllText).ToList();
        var changes = scripts.SelectMany(s => Change().Matches(s)).Select(m => m.Value).ToList();

        Assert.InRange(changes.Count, 2, 100);
        Assert.All(changes, c => Assert.Contains("ours", c, StringComparison.Ordinal));
        Assert.Contains(scripts, s => s.Contains("const ours = { accept: 'application/json', 'x-requested-with': 'live.js' };", StringComparison.Ordinal));
    }

    private static async Task<bool> IsTakenAsync(SiteBehindNginx site, string host, string origin, params (string, string)[] headers)
    {
        using var form = new FormUrlEncodedContent([new("service", "chatgpt")]);
        var (answer, _) = await site.SendAsync(HttpMethod.Post, "/api/v1/reports", host, form, [("Origin", origin), .. headers]);
        Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.SeeOther, HttpStatusCode.Forbidden]);
        return answer.StatusCode == HttpStatusCode.SeeOther;
    }

    // From the method to the end of what is said of the request.
    [GeneratedRegex("method: '(?!GET|HEAD)[^}]*", RegexOptions.None, 5_000)]
    private static partial Regex Change();
}
