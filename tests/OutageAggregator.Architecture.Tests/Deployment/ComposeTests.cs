using System.Text.RegularExpressions;

namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>What <c>docker compose up</c> starts, with which rights, and what can be reached from where.</summary>
public sealed class ComposeTests
{
    [Fact]
    public void Without_a_profile_the_embedded_node_starts_and_with_cluster_the_cluster_alone()
    {
        // Compose starts services without a profile always; so each has one, and .env names what is started where none is asked for.
        var unasked = SourceTree.Read(".env").Split('\n').Single(l => l.StartsWith("COMPOSE_PROFILES=", StringComparison.Ordinal)).Split('=')[1];

        Assert.Equal(["embedded"], Deployed.Compose.StartedBy(unasked));
        Assert.Equal(["balancer", "node1", "node2", "node3", "redis"], Deployed.Compose.StartedBy("cluster"));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("cluster")]
    public void Our_image_is_built_once_however_it_is_run(string profile)
    {
        var ours = Deployed.Compose.StartedBy(profile).Select(name => Deployed.Compose.Services[name])
            .Where(s => s.Text("image").StartsWith("outage-aggregator", StringComparison.Ordinal)).ToList();

        Assert.Equal("outage-aggregator:local", Assert.Single(ours.Select(s => s.Text("image")).Distinct(StringComparer.Ordinal)));
        Assert.Single(ours, s => s.Has("build"));
        Assert.All(ours, s => Assert.Equal(s.Has("build") ? "build" : "never", s.Text("pull_policy")));
        // The last stage is the one that is built.
        Assert.Equal(Deployed.Image, Deployed.Dockerfile.Stages.Last());
    }

    [Fact]
    public void Nothing_has_rights_it_does_not_need_and_nothing_grows_without_bound()
    {
        foreach (var (name, service) in Deployed.Compose.Services)
        {
            Assert.True(service.Text("read_only") == "true", $"{name} can write into its image.");
            Assert.Equal(["ALL"], service.Texts("cap_drop"));
            Assert.Contains("no-new-privileges:true", service.Texts("security_opt"));
            Assert.DoesNotContain(service.Keys, k => k is "privileged" or "cap_add" or "network_mode" or "pid");
            Assert.Equal("unless-stopped", service.Text("restart"));
            Assert.True(Deployed.Bytes(service.Text("mem_limit")) > 0);
            Assert.Equal(["max-size", "max-file"], service.Map("logging").Map("options").Keys);
            Assert.All(service.Has("volumes") ? service.Texts("volumes") : [], v => Assert.DoesNotContain("docker.sock", v, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Only_the_balancer_and_the_embedded_node_can_be_reached_from_outside()
    {
        var services = Deployed.Compose.Services;

        Assert.Equal(["balancer", "embedded"], services.Where(s => s.Value.Has("ports")).Select(s => s.Key).Order(StringComparer.Ordinal));
        Assert.All(services.Where(s => s.Value.Has("ports")), s => Assert.Equal(Deployed.Port.ToString(CultureInfo.InvariantCulture), Assert.Single(s.Value.Texts("ports")).Split(':')[^1]));
        Assert.Equal(["inside"], services["redis"].Map("networks").Keys);
        Assert.Equal(["edge"], services["balancer"].Map("networks").Keys);
        Assert.Equal("true", Deployed.Compose.Networks["inside"].Text("internal"));
    }

    [Fact]
    public void Each_node_has_a_volume_of_its_own_where_its_image_keeps_data()
    {
        var own = Deployed.Nodes.Append(new("embedded", Deployed.Compose.Services["embedded"])).Select(n => Assert.Single(n.Value.Texts("volumes")).Split(':')).ToList();

        Assert.Equal(4, own.Select(v => v[0]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(own, v => Assert.Equal(Deployed.Dockerfile.Last(Deployed.Image, "VOLUME"), v[1]));
        Assert.Equal(own.Select(v => v[0]).Append("redis-data").Order(StringComparer.Ordinal), Deployed.Compose.Volumes.Order(StringComparer.Ordinal));
        Assert.Contains($"redis-data:{Assert.Single(Deployed.Redis["dir"])}", Deployed.Compose.Services["redis"].Texts("volumes"));
    }

    [Fact]
    public void Each_node_is_reached_by_the_others_under_its_own_address_and_believes_the_balancer_alone()
    {
        var balancer = Deployed.Compose.Services["balancer"].Map("networks").Map("edge").Text("ipv4_address");
        Assert.Equal(3, Deployed.Nodes.Count);
        foreach (var (_, node) in Deployed.Nodes)
        {
            Assert.Equal(node.Map("networks").Map("inside").Text("ipv4_address"), node.Map("environment").Text("OUTAGE_Cluster__Address"));
            Assert.Equal($"{balancer}/32", node.Map("environment").Text("OUTAGE_Proxies__Trusted__0"));
        }
        var fixedOnes = Deployed.Compose.Services.Values.Where(s => s.Has("networks")).SelectMany(s => s.Map("networks").Maps())
            .Where(n => n.Value.Has("ipv4_address")).Select(n => (Network: n.Key, Address: n.Value.Text("ipv4_address"))).ToList();
        Assert.Equal(fixedOnes.Count, fixedOnes.Select(f => f.Address).Distinct(StringComparer.Ordinal).Count());
        Assert.All(fixedOnes, f => Assert.True(
            System.Net.IPNetwork.Parse(Deployed.Compose.Networks[f.Network].Map("ipam").List("config")[0].Text("subnet")).Contains(System.Net.IPAddress.Parse(f.Address)),
            $"{f.Address} is not of the network {f.Network}."));
    }

    [Fact]
    public void Files_that_are_mounted_are_there_and_secrets_are_made_and_never_committed()
    {
        foreach (var file in Deployed.Compose.Services.Values.Where(s => s.Has("volumes")).SelectMany(s => s.Texts("volumes")).Where(v => v.StartsWith("./", StringComparison.Ordinal)))
        {
            Assert.True(File.Exists(Path.Combine(SourceTree.Root, file.Split(':')[0])), $"{file} is not there.");
            Assert.EndsWith(":ro", file, StringComparison.Ordinal);
        }
        foreach (var (name, secret) in Deployed.Compose.Secrets)
        {
            var file = secret.Text("file");
            Assert.StartsWith("./deploy/secrets/", file, StringComparison.Ordinal);
            Assert.Contains($"$folder/{Path.GetFileName(file)}\"", SourceTree.Read("deploy/make-secrets.sh"), StringComparison.Ordinal);
            Assert.Contains(Deployed.Compose.Services.Values, s => s.Has("secrets") && s.Secrets().ContainsKey(name));
        }
        Assert.Contains("/deploy/secrets/", SourceTree.Read(".gitignore").Split('\n'));
        Assert.All(Deployed.Nodes, n => Assert.Equal(["--settings", n.Value.Secrets()["node-settings"]], n.Value.Texts("command")));
        Assert.All(Deployed.Nodes, n => Assert.Equal($"{n.Value.Map("environment").Text("OUTAGE_Cluster__Secrets")}/{KeyFile()}", n.Value.Secrets()["reporter-key"]));
        Assert.Equal(Assert.Single(Deployed.Compose.Services["redis"].Secrets()).Value, Assert.Single(Deployed.Redis["include"]));
    }

    [Fact]
    public void No_password_stands_in_a_file_of_the_repository()
    {
        foreach (var file in (string[])["docker-compose.yml", ".env", "Dockerfile", "deploy/redis.conf", "deploy/haproxy.cfg"])
            Assert.DoesNotMatch(new Regex(@"^[^#]*(password=|requirepass\s+\S|PASSWORD)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, SourceTree.Patience), SourceTree.Read(file));
    }

    [Fact]
    public void A_service_waits_for_what_it_needs_and_says_when_it_is_well()
    {
        Assert.All(Deployed.Nodes, n => Assert.Equal("service_healthy", n.Value.Map("depends_on").Map("redis").Text("condition")));
        Assert.Equal(Deployed.Nodes.Select(n => n.Key), Deployed.Compose.Services["balancer"].Map("depends_on").Keys.Order(StringComparer.Ordinal));
        Assert.All(Deployed.Nodes.Append(new("embedded", Deployed.Compose.Services["embedded"])), n =>
            Assert.Equal(["CMD", "outage-health", "/readyz", Deployed.Port.ToString(CultureInfo.InvariantCulture)], n.Value.Map("healthcheck").Texts("test")));
        Assert.All(Deployed.Compose.Services, s => Assert.True(s.Value.Has("healthcheck") && s.Value.Has("stop_grace_period"), $"{s.Key} says nothing of its health or its end."));
    }

    [Fact]
    public void Every_variable_is_a_setting()
    {
        var services = Deployed.Nodes.Select(n => n.Value).Append(Deployed.Compose.Services["embedded"]).Where(s => s.Has("environment"));

        Assert.All(services.SelectMany(s => s.Map("environment").Keys), Deployed.AssertIsSetting);
    }

    private static string KeyFile() =>
        Regex.Match(SourceTree.Read("src/OutageAggregator.Runtime/Intake/ReporterKey.cs"), @"const string FileName = ""(?<name>[^""]+)""", RegexOptions.ExplicitCapture, SourceTree.Patience).Groups["name"].Value;
}
