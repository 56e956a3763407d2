using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using OutageAggregator.Storage.Tls;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Cluster.Tests;

/// <summary>Nodes that talk TLS to each other and to Redis, with certificates that the test makes.</summary>
public sealed class SecuredNodesTests(ITestOutputHelper output)
{
    private const int People = 40;

    private static readonly (string Service, string Region)[] s_pairs = [("chatgpt", "IT"), ("chatgpt", "US"), ("github", "DE"), ("netflix", "ES"), ("claude", "FR")];

    [Fact]
    public async Task Nodes_of_one_authority_take_reports_over_TLS_and_one_of_another_does_not_join()
    {
        using var folder = new TemporaryFolder();
        using var ours = new CertificateMaker(folder, "ours");
        using var theirs = new CertificateMaker(folder, "theirs");
        var forRedis = ours.Issue("redis");
        var port = Ports.Free();
        await using var redis = await RedisServer.StartAsync(
            "--tls-port", port.ToString(CultureInfo.InvariantCulture), "--tls-cert-file", forRedis.Certificate!, "--tls-key-file", forRedis.Key!,
            "--tls-ca-cert-file", ours.File, "--tls-auth-clients", "yes");
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        var client = ours.Issue("client");
        var nodes = await ClusterNode.StartAsync(address, folder.Path, 2, Settings(client, ours.Issue("node")));
        var foreign = theirs.Issue("stranger");
        var stranger = new ClusterNode(address, folder.Path, "stranger", Settings(client, foreign));
        await using var end = new Together([.. nodes, stranger], output);

        var before = DateTimeOffset.UtcNow;
        _ = await nodes[0].Program.LineAsync(l => l.Contains($"The node {nodes[1].SiloAddress} is one of the cluster", StringComparison.Ordinal));
        for (var person = 0; person < People; person++)
        {
            using var answer = await nodes[person % 2].ReportAsync(person, s_pairs[person % s_pairs.Length]);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        await stranger.BeginAsync();
        _ = await stranger.Program.LineAsync(l => l.Contains("Refused a node with the certificate CN=node, which is not of Cluster:Tls:Authority", StringComparison.Ordinal));
        Assert.Equal("CN=node", await ConnectAsync(nodes[1].SiloAddress, foreign));
        _ = await nodes[1].Program.LineAsync(l => l.Contains("Refused a node with the certificate CN=stranger", StringComparison.Ordinal));

        using var ready = await stranger.Client.GetAsync(new Uri(stranger.Address, "/readyz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.DoesNotContain($"The node {stranger.SiloAddress} is one of the cluster", nodes[0].Program.Output + nodes[1].Program.Output, StringComparison.Ordinal);
        Assert.All(await nodes[1].CountAsync(s_pairs, before), c => Assert.Equal(People / s_pairs.Length, c.Value));
    }

    private static (string, string)[] Settings(TlsSettings redis, TlsSettings cluster) =>
    [
        ("OUTAGE_Redis__HungMilliseconds", "4000"),
        ("OUTAGE_Redis__Tls__Authority", redis.Authority!),
        ("OUTAGE_Redis__Tls__Certificate", redis.Certificate!),
        ("OUTAGE_Redis__Tls__Key", redis.Key!),
        ("OUTAGE_Cluster__Tls__Authority", cluster.Authority!),
        ("OUTAGE_Cluster__Tls__Certificate", cluster.Certificate!),
        ("OUTAGE_Cluster__Tls__Key", cluster.Key!),
    ];

    /// <summary>Connects as a node that believes everybody, and says what the other one showed.</summary>
    private static async Task<string> ConnectAsync(string silo, TlsSettings own)
    {
        var endpoint = IPEndPoint.Parse(silo);
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint);
        await using var stream = new SslStream(client.GetStream());
        using var certificate = X509Certificate2.CreateFromPemFile(own.Certificate!, own.Key);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            ClientCertificates = [certificate],
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return stream.RemoteCertificate!.Subject;
    }
}
