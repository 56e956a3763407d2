using System.Net;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Deployment;

namespace OutageAggregator.Server.Tests.Deployment;

/// <summary>
/// Reports by browser behind a real nginx, as people configure it, over http, where a browser says <c>Origin</c> and no <c>Sec-Fetch-Site</c>.
/// A report of another site is refused in each of these ways.
/// </summary>
[Collection("Keeps a pace")]
public sealed class ReportsBehindNginxTests : IAsyncLifetime
{
    private const string Bare = "location / { proxy_pass UPSTREAM; }";
    private const string HostWithoutPort = "location / { proxy_pass UPSTREAM; proxy_set_header Host $host; }";
    private const string HostWithOwnPort = "location / { proxy_pass UPSTREAM; proxy_set_header Host $host:$server_port; }";
    private const string WholeHost = "location / { proxy_pass UPSTREAM; proxy_set_header Host $http_host; }";
    private const string Forwarding = "location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $http_host; }";
    private const string ForwardingWithoutPort = "location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $host; }";

    private readonly TemporaryFolder _folder = new();
    private RunningServer? _server;
    private Nginx? _nginx;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
            await _nginx.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    // Host is the name of the upstream. Nothing tells the form of our page from that of another one: only our script may.
    [InlineData(Bare, "outages.example", "", false)]
    [InlineData(Bare, "OUTAGES.example", "", false)]
    [InlineData(Bare, "[::1]", "", false)]
    // Host is what people typed, with and without the port that is not 80.
    [InlineData(HostWithoutPort, "outages.example", "", true)]
    [InlineData(HostWithoutPort, "OUTAGES.example", "", true)]
    [InlineData(HostWithoutPort, "[::1]", "", true)]
    [InlineData(HostWithOwnPort, "outages.example", "", true)]
    [InlineData(HostWithOwnPort, "[::1]", "", true)]
    [InlineData(WholeHost, "outages.example", "", true)]
    [InlineData(WholeHost, "192.0.2.7", "", true)]
    // The proxy says it: believed where it is trusted, and nowhere else.
    [InlineData(Forwarding, "outages.example", "", false)]
    [InlineData(Forwarding, "outages.example", "--trust-proxy 127.0.0.1/32", true)]
    [InlineData(Forwarding, "[::1]", "--trust-proxy 127.0.0.1/32", true)]
    [InlineData(ForwardingWithoutPort, "outages.example", "--trust-proxy 127.0.0.1/32", true)]
    [InlineData(Bare, "outages.example", "--trust-proxy 127.0.0.1/32", false)]
    // The operator says it.
    [InlineData(Bare, "outages.example", "--public-url http://outages.example:PORT", true)]
    [InlineData(Bare, "OUTAGES.example", "--public-url http://Outages.Example:PORT/", true)]
    [InlineData(Bare, "[::1]", "--public-url http://[0:0::1]:PORT", true)]
    [InlineData(Bare, "outages.example", "--public-url http://outages.example", false)]
    public async Task A_page_of_ours_may_report_and_none_of_another_site(string nginx, string name, string arguments, bool formIsTaken)
    {
        await StartAsync(nginx, port => arguments.Replace("PORT", port, StringComparison.Ordinal));
        var host = string.Create(CultureInfo.InvariantCulture, $"{name}:{_nginx!.Port}");
        // A browser makes names lower case, in the address and in Origin.
        var ours = $"http://{host.ToLowerInvariant()}";

        Assert.Equal(formIsTaken ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden, await PostAsync(host, ours));
        Assert.Equal(HttpStatusCode.OK, Counted(await PostAsync(host, ours, ("X-Requested-With", "live.js"))));
        // On this machine, and over https, browsers say it themselves.
        Assert.Equal(HttpStatusCode.OK, Counted(await PostAsync(host, ours, ("Sec-Fetch-Site", "same-origin"))));
        // A page of another site: its browser tells the truth about it, and does not add headers for it.
        foreach (var other in (string[])["http://evil.example", $"http://evil.example:{_nginx.Port}", $"http://sub.{name}", $"http://{name}.evil.example", "null", "https://evil.example"])
            Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(host, other));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(host, "http://evil.example", ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(host, ours, ("Sec-Fetch-Site", "same-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(host, ours, ("Sec-Fetch-Site", "cross-site"), ("X-Requested-With", "live.js")));
        // What would let a page of another site have its way is what it must ask for first.
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/v1/reports");
        preflight.Headers.Host = host;
        foreach (var (header, value) in (ReadOnlySpan<(string, string)>)[("Origin", "http://evil.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-requested-with")])
            preflight.Headers.Add(header, value);
        using var allowed = await _nginx.Client.SendAsync(preflight);
        Assert.DoesNotContain(Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Headers")).Split(", "), h => h is "*" || h.Equals("X-Requested-With", StringComparison.OrdinalIgnoreCase) || h.Equals("Content-Type", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_a_caller_writes_into_the_headers_of_proxies_is_not_believed()
    {
        // nginx passes on whatever it does not set itself.
        await StartAsync(Bare, _ => "");
        var host = string.Create(CultureInfo.InvariantCulture, $"outages.example:{_nginx!.Port}");
        (string, string)[] spoofed = [("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/evil")];

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(host, "http://evil.example", spoofed));
        var page = await PageAsync("/developers", host, spoofed);
        Assert.DoesNotContain("evil", page);
        Assert.Contains($"{_server!.Address.GetLeftPart(UriPartial.Authority)}/api/v1/reports", page);
        Assert.Contains("href=\"/archive\"", page);
    }

    [Theory]
    [InlineData(Bare, "", "http://127.0.0.1:")]
    [InlineData(Forwarding, "--trust-proxy 127.0.0.1/32", "http://outages.example:PORT/")]
    [InlineData(Bare, "--public-url https://status.example/", "https://status.example/")]
    [InlineData(Forwarding, "--trust-proxy 127.0.0.1/32 --public-url https://status.example/outages/", "https://status.example/outages/")]
    public async Task Links_that_leave_the_site_begin_with_its_public_address(string nginx, string arguments, string begin)
    {
        await StartAsync(nginx, _ => arguments);
        var host = string.Create(CultureInfo.InvariantCulture, $"outages.example:{_nginx!.Port}");

        Assert.Contains($"curl -s \"{begin.Replace("PORT", _nginx.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}", await PageAsync("/developers", host));
    }

    [Fact]
    public async Task A_refusal_says_what_to_set_and_the_log_says_it_once()
    {
        await StartAsync(Forwarding, _ => "");
        var host = string.Create(CultureInfo.InvariantCulture, $"outages.example:{_nginx!.Port}");

        for (var i = 0; i < 5; i++)
        {
            using var request = Report(host, $"http://{host}");
            request.Headers.Add("Accept", "application/json");
            using var answer = await _nginx.Client.SendAsync(request);
            var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal("/problems/cross-site", problem.GetProperty("type").GetString());
            Assert.Contains($"Site:PublicUrl (--public-url http://{host}", problem.GetProperty("detail").GetString());
            Assert.Contains("--trust-proxy 127.0.0.1/32", problem.GetProperty("detail").GetString());
        }

        _ = await _server!.Program.LineAsync(l => l.Contains("A report was refused: it came from a page of", StringComparison.Ordinal));
        Assert.Single(_server.Program.Output.Split('\n'), l => l.Contains("A report was refused", StringComparison.Ordinal));
        Assert.Single(_server.Program.Output.Split('\n'), l => l.Contains("127.0.0.1 sends X-Forwarded-For and is not trusted", StringComparison.Ordinal));
        var ready = await _server.GetAsync("/readyz");
        Assert.Equal("ready", ready.GetProperty("status").GetString());
        Assert.Contains("127.0.0.1 sends X-Forwarded-For and is not trusted", Assert.Single(ready.GetProperty("warnings").EnumerateArray()).GetString());
    }

    private static HttpStatusCode Counted(HttpStatusCode status) => status is HttpStatusCode.SeeOther ? HttpStatusCode.OK : status;

    private async Task StartAsync(string locations, Func<string, string> arguments)
    {
        _ = Nginx.SkipWhereMissing();
        // Where the server listens must be known to nginx, and where nginx listens to the server: the server has the first word.
        var upstream = TestKit.Redis.Ports.Free();
        _nginx = await Nginx.StartAsync(locations.Replace("UPSTREAM", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{upstream}"), StringComparison.Ordinal));
        var more = arguments(_nginx.Port.ToString(CultureInfo.InvariantCulture)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _server = await RunningServer.StartAsync([], ["--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{upstream}"), "--data", _folder.Path, .. more]);
    }

    private async Task<HttpStatusCode> PostAsync(string host, string origin, params (string Name, string Value)[] headers)
    {
        using var request = Report(host, origin);
        // As a browser asks for the page that follows a form.
        request.Headers.Add("Accept", "text/html");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await _nginx!.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static HttpRequestMessage Report(string host, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = new FormUrlEncodedContent([new("service", "chatgpt")]) };
        request.Headers.Host = host;
        request.Headers.Add("Origin", origin);
        return request;
    }

    private async Task<string> PageAsync(string path, string host, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        request.Headers.Add("Accept", "text/html");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await _nginx!.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
