using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Deployment;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Server.Tests.Deployment;

/// <summary>The balancer of <c>docker-compose.yml</c> before real servers. They share nothing, which a balancer can't tell.</summary>
[Collection("Keeps a pace")]
public sealed class BalancerTests
{
    [Fact]
    public async Task HAProxy_takes_the_configuration_as_it_is()
    {
        using var check = Process.Start(new ProcessStartInfo(Balancer.SkipWhereMissing(), ["-c", "-f", ProgramProcess.RepositoryFile("deploy/haproxy.cfg")])
        { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await Task.WhenAll(check.StandardError.ReadToEndAsync(), check.StandardOutput.ReadToEndAsync());
        await check.WaitForExitAsync();

        Assert.True(check.ExitCode == 0, said[0]);
        // Nobody is called node1 here; everything else would be a warning about the file.
        Assert.All(said[0].Split('\n').Where(l => l.StartsWith("[WARNING]", StringComparison.Ordinal)), l => Assert.Contains("could not resolve address 'node", l));
    }

    [Fact]
    public async Task Who_called_is_the_connection_and_not_what_its_headers_say()
    {
        using var folder = new TemporaryFolder();
        await using var node = await RunningServer.StartAsync(folder.Path);
        await using var balancer = await Balancer.StartAsync(change: null, node.Address);
        // The node would believe whoever is its proxy.
        Assert.Equal(HttpStatusCode.Accepted, await node.ReportAsync(IPAddress.Parse("203.0.113.1")));
        Assert.Equal(HttpStatusCode.Accepted, await node.ReportAsync(IPAddress.Parse("203.0.113.2")));

        var first = await ReportAsync(balancer, "203.0.113.3");
        var second = await ReportAsync(balancer, "203.0.113.4", "203.0.113.5, 203.0.113.6");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.OK), (first, second));
        // 127.0.0.1, which the balancer told, and not nobody: a report of this machine that reaches the node directly is the same caller's.
        using var direct = await node.Client.PostAsJsonAsync("/api/v1/reports", new { service = "chatgpt", region = "IT" });
        Assert.Equal(HttpStatusCode.OK, direct.StatusCode);
    }

    [Fact]
    public async Task Under_which_address_it_was_called_is_what_the_caller_asked_for_and_nothing_it_says_besides()
    {
        using var folder = new TemporaryFolder();
        await using var node = await RunningServer.StartAsync(folder.Path);
        await using var balancer = await Balancer.StartAsync(change: null, node.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/developers");
        request.Headers.Host = "outages.example:8081";
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/evil")])
            request.Headers.Add(name, value);

        using var answer = await balancer.Client.SendAsync(request);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        Assert.DoesNotContain("evil", page);
        Assert.Contains("curl -s \"http://outages.example:8081/api/v1/", page);
    }

    [Fact]
    public async Task Under_a_path_pages_are_there_and_what_is_for_operators_is_not()
    {
        using var folder = new TemporaryFolder();
        await using var node = await RunningServer.StartAsync(folder.Path, "--public-url", "https://example.org/status");
        // As docs/operations.md says.
        await using var balancer = await Balancer.StartAsync(text => text.Replace("^/+(metrics", "^/+(status/+)?(metrics", StringComparison.Ordinal), node.Address);

        Assert.Contains("href=\"/status/services/chatgpt\"", await balancer.Client.GetStringAsync("/status/"));
        Assert.Equal(200, await StatusAsync(balancer.Address, "/status/services/chatgpt"));
        foreach (var path in (string[])["/status/readyz", "/STATUS/readyz", "/status//metrics", "/%73tatus/readyz", "/status/%72eadyz", "/readyz", "/status/dashboard/"])
            Assert.True(await StatusAsync(balancer.Address, path) is 400 or 404, $"{path} can be reached from outside.");
    }

    [Fact]
    public async Task Neither_callers_nor_tokens_are_logged()
    {
        using var folder = new TemporaryFolder();
        await using var node = await RunningServer.StartAsync(folder.Path);
        // Everything, and not only what went wrong.
        await using var balancer = await Balancer.StartAsync(text => text.Replace("option dontlog-normal", "", StringComparison.Ordinal), node.Address);

        _ = await ReportAsync(balancer, "203.0.113.3");
        using var tokened = await balancer.Client.GetAsync("/healthz?token=secret");

        await node.UntilAsync(() => Task.FromResult(balancer.Log.Contains("POST /api/v1/reports 202", StringComparison.Ordinal) && balancer.Log.Contains("GET /healthz", StringComparison.Ordinal)));
        Assert.DoesNotContain("203.0.113", balancer.Log);
        Assert.DoesNotContain("127.0.0.1", balancer.Log);
        Assert.DoesNotContain("secret", balancer.Log);
    }

    [Fact]
    public async Task Killing_a_node_drops_no_read()
    {
        using var folder = new TemporaryFolder();
        var settings = folder.File("settings.json", """{ "Limits": { "ReadsPerMinute": 0 } }""");
        var nodes = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => RunningServer.StartAsync(Path.Combine(folder.Path, $"{i}"), "--settings", settings)));
        try
        {
            await using var balancer = await Balancer.StartAsync(change: null, [.. nodes.Select(n => n.Address)]);
            using var enough = new CancellationTokenSource();
            var answers = new ConcurrentQueue<string>();
            var readers = Enumerable.Range(0, 8).Select(_ => ReadOnAsync(balancer, answers, enough.Token)).ToList();
            await nodes[0].UntilAsync(() => Task.FromResult(answers.Count >= 200));
            // One caller is one node's.
            var busiest = await balancer.BusiestAsync("ready");

            await nodes[busiest - 1].Program.KillAsync();

            var before = answers.Count;
            await nodes[0].UntilAsync(async () => answers.Count >= before + 400 && await balancer.StateAsync("ready", busiest) == "DOWN");
            await enough.CancelAsync();
            await Task.WhenAll(readers);
            Assert.Equal(["OK"], answers.Distinct(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Where_no_node_is_ready_the_site_is_shown_and_reports_are_refused_by_a_node()
    {
        using var folder = new TemporaryFolder();
        await using var node = ProgramProcess.Start(
            "Server", ["--urls", "http://127.0.0.1:0", "--data", folder.Path, "--trust-proxy", "127.0.0.1/32", "--storage", "redis", "--redis", $"127.0.0.1:{Ports.Free()}"]);
        var greeting = await node.LineAsync(l => l.StartsWith("OutageAggregator is at ", StringComparison.Ordinal));
        await using var balancer = await Balancer.StartAsync(change: null, new Uri(greeting["OutageAggregator is at ".Length..].Split(',')[0]));
        Assert.Equal("DOWN", await balancer.StateAsync("ready", 1));

        using var page = await balancer.Client.GetAsync("/privacy");
        using var report = await balancer.Client.PostAsJsonAsync("/api/v1/reports", new { service = "chatgpt" });

        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, report.StatusCode);
        Assert.Equal("/problems/store-unavailable", (await report.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        Assert.NotNull(report.Headers.RetryAfter);
    }

    [Fact]
    public async Task Where_there_is_no_node_at_all_the_balancer_says_so_as_the_nodes_would()
    {
        using var folder = new TemporaryFolder();
        await using var node = await RunningServer.StartAsync(folder.Path);
        await using var balancer = await Balancer.StartAsync(change: null, node.Address);
        await node.Program.KillAsync();
        await node.UntilAsync(async () => await balancer.StateAsync("alive", 1) == "DOWN");

        using var answer = await balancer.Client.GetAsync("/api/v1/services/chatgpt");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("/problems/not-ready", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task What_is_for_operators_can_not_be_reached_from_outside()
    {
        using var folder = new TemporaryFolder();
        await using var node = await RunningServer.StartAsync(folder.Path);
        await using var balancer = await Balancer.StartAsync(change: null, node.Address);

        foreach (var path in (string[])["/readyz", "/READYZ", "/%72eadyz", "/readyz/", "/x/../readyz", "/x/%2e%2e/readyz", "/./readyz", "/readyz/.", "/readyz?x", "/metrics", "/Metrics", "/%6Detrics/", "//metrics", "/dashboard", "/Dashboard/index.html"])
        {
            Assert.True(await StatusAsync(balancer.Address, path) is 400 or 404, $"{path} can be reached from outside.");
            // Not because there is nothing.
            if (path.Contains("x/", StringComparison.Ordinal) || path.Contains("eadyz", StringComparison.OrdinalIgnoreCase))
                Assert.Equal(200, await StatusAsync(node.Address, path));
        }
        Assert.Equal(200, await StatusAsync(balancer.Address, "/healthz"));
    }

    [Fact]
    public async Task A_live_stream_comes_through_at_once_and_outlasts_the_timeouts_by_its_heartbeats()
    {
        using var folder = new TemporaryFolder();
        await using var node = await RunningServer.StartAsync(folder.Path, "--settings", folder.File("settings.json", """{ "Live": { "HeartbeatSeconds": 4 } }"""));
        // As 15 s lie to 60 s.
        await using var balancer = await Balancer.StartAsync(text => text.Replace(" 60s", " 16s", StringComparison.Ordinal), node.Address);

        using var answer = await balancer.Client.GetAsync("/api/v1/live?service=chatgpt", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        Assert.Equal("retry: 3000", await reader.ReadLineAsync());
        for (var beats = 0; beats < 5;)
            beats += await reader.ReadLineAsync() is { } line ? line == ": beat" ? 1 : 0 : throw new InvalidDataException($"The stream ended after {beats} heartbeats.");
    }

    private static async Task<HttpStatusCode> ReportAsync(Balancer balancer, params string[] forwarded)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = JsonContent.Create(new { service = "chatgpt", region = "IT" }) };
        foreach (var line in forwarded)
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", line);
        request.Headers.TryAddWithoutValidation("Forwarded", $"for={forwarded[0]}");
        using var response = await balancer.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task ReadOnAsync(Balancer balancer, ConcurrentQueue<string> answers, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                using var answer = await balancer.Client.GetAsync("/api/v1/services/chatgpt", CancellationToken.None);
                answers.Enqueue(answer.StatusCode.ToString());
            }
            catch (HttpRequestException e)
            {
                answers.Enqueue(e.Message);
            }
        }
    }

    // Over a socket: a client of HTTP tidies paths up before it sends them.
    private static async Task<int> StatusAsync(Uri address, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync() ?? "").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
