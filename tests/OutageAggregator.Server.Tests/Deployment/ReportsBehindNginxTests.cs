using System.Net;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Deployment;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests.Deployment;

/// <summary>The server as it is started behind a real nginx: by option, by variable, and without being told.</summary>
[Collection("Keeps a pace")]
public sealed class ReportsBehindNginxTests : IAsyncLifetime
{
    private const string Bare = "location / { proxy_pass UPSTREAM; }";
    private const string Forwarding = "location / { proxy_pass UPSTREAM; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $http_host; }";
    private const string Stripping = "location /status/ { proxy_pass UPSTREAM/; }";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Free();
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
    [InlineData(Bare, "", "--public-url http://outages.example:PORT", "", "http://outages.example:PORT/")]
    [InlineData(Bare, "", "", "http://outages.example:PORT/", "http://outages.example:PORT/")]
    [InlineData(Forwarding, "", "--trust-proxy 127.0.0.1/32", "", "http://outages.example:PORT/")]
    [InlineData(Stripping, "/status", "--public-url http://outages.example:PORT/status/", "http://elsewhere.example", "http://outages.example:PORT/status/")]
    public async Task A_plain_form_reports_and_links_name_the_public_address(string nginx, string path, string arguments, string variable, string begin)
    {
        await StartAsync(nginx, arguments, variable.Length == 0 ? [] : new() { ["OUTAGE_Site__PublicUrl"] = WithPort(variable) });

        using var taken = await _nginx!.Client.SendAsync(Report(path, WithPort("http://outages.example:PORT")));
        using var refused = await _nginx.Client.SendAsync(Report(path, "http://evil.example"));

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.Forbidden), (taken.StatusCode, refused.StatusCode));
        Assert.StartsWith($"{path}/services/chatgpt/report?", taken.Headers.Location!.OriginalString);
        using var page = new HttpRequestMessage(HttpMethod.Get, $"{path}/developers");
        page.Headers.Host = WithPort("outages.example:PORT");
        using var developers = await _nginx.Client.SendAsync(page);
        Assert.Contains($"curl -s \"{WithPort(begin)}api/v1/", WebUtility.HtmlDecode(await developers.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_refusal_says_what_to_set_and_the_log_says_it_once()
    {
        await StartAsync(Forwarding, "", []);
        var ours = WithPort("http://outages.example:PORT");

        for (var i = 0; i < 5; i++)
        {
            using var request = Report("", ours);
            request.Headers.Accept.Clear();
            using var answer = await _nginx!.Client.SendAsync(request);
            var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal("/problems/cross-site", problem.GetProperty("type").GetString());
            Assert.Contains($"Site:PublicUrl (--public-url {ours}", problem.GetProperty("detail").GetString());
            Assert.Contains("--trust-proxy 127.0.0.1/32", problem.GetProperty("detail").GetString());
        }

        _ = await _server!.Program.LineAsync(l => l.Contains("A report was refused: it came from a page of", StringComparison.Ordinal));
        Assert.Single(_server.Program.Output.Split('\n'), l => l.Contains("A report was refused", StringComparison.Ordinal));
        Assert.Single(_server.Program.Output.Split('\n'), l => l.Contains("127.0.0.1 sends X-Forwarded-For and is not trusted", StringComparison.Ordinal));
        var ready = await _server.GetAsync("/readyz");
        Assert.Equal("ready", ready.GetProperty("status").GetString());
        Assert.Contains("127.0.0.1 sends X-Forwarded-For and is not trusted", Assert.Single(ready.GetProperty("warnings").EnumerateArray()).GetString());
    }

    private async Task StartAsync(string locations, string arguments, Dictionary<string, string> environment)
    {
        _ = Nginx.SkipWhereMissing();
        _server = await RunningServer.StartAsync(
            environment, ["--urls", "http://127.0.0.1:0", "--data", _folder.Path, .. WithPort(arguments).Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        _nginx = await Nginx.StartAsync(locations.Replace("UPSTREAM", _server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal), _port);
    }

    private string WithPort(string text) => text.Replace("PORT", _port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private HttpRequestMessage Report(string path, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{path}/api/v1/reports") { Content = new FormUrlEncodedContent([new("service", "chatgpt")]) };
        request.Headers.Host = WithPort("outages.example:PORT");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Accept", "text/html");
        return request;
    }
}
