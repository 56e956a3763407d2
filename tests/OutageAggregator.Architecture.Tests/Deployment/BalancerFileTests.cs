using System.Text.RegularExpressions;
using OutageAggregator.TestKit.Deployment;

namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>What <c>deploy/haproxy.cfg</c> and the files around it must agree on. What it does is tested with a real HAProxy, beside the server.</summary>
public sealed class BalancerFileTests
{
    private static readonly YamlMap s_service = Deployed.Compose.Services["balancer"];

    [Theory]
    [InlineData("backend ready", "/readyz")]
    [InlineData("backend alive", "/healthz")]
    public void It_sends_to_every_node_where_it_listens_and_asks_a_path_that_exists(string backend, string path)
    {
        var servers = Deployed.BalancerSection(backend).Where(l => l.StartsWith("server ", StringComparison.Ordinal)).Select(l => l.Split(' ')).ToList();

        Assert.Equal(Deployed.Nodes.Select(n => n.Key), servers.Select(s => s[1]));
        Assert.All(servers, s => Assert.Equal($"{s[1]}:{Deployed.Port.ToString(CultureInfo.InvariantCulture)}", s[2]));
        Assert.Contains(Deployed.BalancerSection(backend), l => l.StartsWith($"http-check send meth GET uri {path} ", StringComparison.Ordinal));
        Assert.Contains($"\"{path}\"", SourceTree.Read("src/OutageAggregator.Web/Features/Health/HealthEndpoints.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_listens_where_its_port_is_published_and_its_own_page_is_not()
    {
        Assert.Equal($"bind :{Assert.Single(s_service.Texts("ports")).Split(':')[^1]}", Assert.Single(Deployed.BalancerSection("frontend public"), l => l.StartsWith("bind ", StringComparison.Ordinal)));
        var inside = Assert.Single(Deployed.BalancerSection("frontend inside"), l => l.StartsWith("bind ", StringComparison.Ordinal)).Split(':')[^1];
        var monitor = Assert.Single(Deployed.BalancerSection("frontend inside"), l => l.StartsWith("monitor-uri ", StringComparison.Ordinal)).Split(' ')[1];

        Assert.Contains($"http://127.0.0.1:{inside}{monitor}", s_service.Map("healthcheck").Texts("test"));
        Assert.DoesNotContain(s_service.Texts("ports"), p => p.EndsWith(':' + inside, StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_balancer_says_who_called_and_it_logs_no_one()
    {
        var rules = Deployed.BalancerSection("frontend public").ToList();

        Assert.Contains("http-request set-header X-Forwarded-For %[src]", rules);
        Assert.Contains(rules, r => r.StartsWith("http-request set-header X-Forwarded-Proto ", StringComparison.Ordinal));
        // Nodes believe these as well: what a caller wrote into them must not come through.
        Assert.Contains("http-request set-header X-Forwarded-Host %[req.hdr(Host)]", rules);
        Assert.Contains("http-request del-header X-Forwarded-Prefix", rules);
        Assert.DoesNotContain(Deployed.Balancer, l => l.Line.StartsWith("option forwardfor", StringComparison.Ordinal));
        // A country header that the nodes believe must be the balancer's own, too.
        Assert.All(
            Deployed.Nodes.Where(n => n.Value.Map("environment").Has("OUTAGE_Proxies__CountryHeader")).Select(n => n.Value.Map("environment").Text("OUTAGE_Proxies__CountryHeader")),
            header => Assert.Contains(rules, r => r.StartsWith($"http-request set-header {header} ", StringComparison.OrdinalIgnoreCase)));
        // %ci, %cp, [src]: the caller. %r, %HU, %HP with a query: the token of a withdrawal.
        var formats = Deployed.Balancer.Where(l => l.Line.Contains("log-format", StringComparison.Ordinal)).Select(l => l.Line).ToList();
        Assert.Equal(2, formats.Count);
        Assert.All(formats, f => Assert.DoesNotMatch(new Regex(@"%ci|%cp|\bsrc\b|%r\b|%HU|%HP\b|%HQ|%hr|%hs", RegexOptions.None, SourceTree.Patience), f));
        Assert.DoesNotContain(Deployed.Balancer, l => l.Line is "option httplog" or "option tcplog");
    }

    [Fact]
    public void A_post_is_sent_again_only_where_no_node_has_seen_it()
    {
        var backend = Deployed.BalancerSection("backend ready").ToList();

        Assert.Contains("option redispatch 1", backend);
        Assert.Contains("http-request disable-l7-retry unless METH_GET", backend);
        Assert.Contains(backend, l => l.StartsWith("retry-on conn-failure", StringComparison.Ordinal));
    }

    [Fact]
    public void A_live_stream_outlasts_its_silence_and_the_balancer_outlasts_its_streams()
    {
        var heartbeat = TimeSpan.FromSeconds(Default("src/OutageAggregator.Runtime/Following/LiveSettings.cs", "HeartbeatSeconds"));

        foreach (var side in (string[])["client", "server"])
            Assert.True(Deployed.Time(Value("defaults", $"timeout {side}")) >= 2 * heartbeat, $"timeout {side} cuts live streams off.");
        Assert.Contains(Deployed.BalancerSection("backend ready"), l => l.StartsWith("http-request set-timeout server", StringComparison.Ordinal) && l.EndsWith("unless { path,url_dec -i /api/v1/live }", StringComparison.Ordinal));
        Assert.Contains("\"/api/v1/live\"", SourceTree.Read("src/OutageAggregator.Web/Features/Live/LiveEndpoint.cs"), StringComparison.Ordinal);
        Assert.True(Deployed.Time(Value("global", "hard-stop-after")) < Deployed.Time(s_service.Text("stop_grace_period")));
    }

    [Fact]
    public void It_has_a_descriptor_for_both_ends_of_every_connection()
    {
        var connections = int.Parse(Value("global", "maxconn"), CultureInfo.InvariantCulture);

        Assert.True(int.Parse(s_service.Map("ulimits").Text("nofile"), CultureInfo.InvariantCulture) > (2 * connections) + 100);
    }

    [Fact]
    public void A_node_that_drains_is_left_before_it_stops()
    {
        var words = Value("backend ready", "default-server").Split(' ').ToList();
        var file = Assert.Single(SourceTree.Below("src/OutageAggregator.Cluster"), f => f.Text.Contains("int DrainSeconds {", StringComparison.Ordinal));

        // One look may just have been made as the node turned red.
        var noticed = Deployed.Time(words[words.IndexOf("inter") + 1]) * (int.Parse(words[words.IndexOf("fall") + 1], CultureInfo.InvariantCulture) + 1);
        Assert.True(noticed < TimeSpan.FromSeconds(Default(file.Path, "DrainSeconds")), $"A node that drains gets requests for {noticed}.");
    }

    // What follows a directive, said once in its section.
    private static string Value(string section, string directive) =>
        Assert.Single(Deployed.BalancerSection(section), l => l.StartsWith(directive + " ", StringComparison.Ordinal))[(directive.Length + 1)..].Trim();

    private static int Default(string path, string setting) => int.Parse(
        Regex.Match(SourceTree.Read(path), $@"int {setting} {{ get; set; }} = (?<value>[\d_]+);", RegexOptions.ExplicitCapture, SourceTree.Patience).Groups["value"].Value.Replace("_", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);
}
