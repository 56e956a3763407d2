using OutageAggregator.Storage.Redis;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Tls;
using OutageAggregator.TestKit;
using OutageAggregator.TestKit.Redis;

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>TLS to a Redis with a certificate of an authority of one's own.</summary>
public sealed class RedisTlsTests
{
    [Fact]
    public async Task A_Redis_is_asked_only_where_its_certificate_is_of_the_authority()
    {
        using var folder = new TemporaryFolder();
        using var ours = new CertificateMaker(folder, "ours");
        using var theirs = new CertificateMaker(folder, "theirs");
        var own = ours.Issue("redis");
        var port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        await using var redis = await RedisServer.StartAsync(
            "--tls-port", port, "--tls-cert-file", own.Certificate!, "--tls-key-file", own.Key!, "--tls-ca-cert-file", ours.File, "--tls-auth-clients", "no");

        Assert.Equal("value", await AgreeAsync(port, new TlsSettings { Authority = ours.File }));
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => AgreeAsync(port, new TlsSettings { Authority = theirs.File }));
        Assert.Contains("shows a certificate of an authority that is not trusted", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Redis:Tls", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AgreeAsync(string port, TlsSettings tls)
    {
        var settings = new RedisSettings { Connection = RedisServer.Patient($"127.0.0.1:{port}") };
        (settings.Tls.Authority, settings.Tls.Certificate, settings.Tls.Key) = (tls.Authority, tls.Certificate, tls.Key);
        await using var link = new RedisLink(settings);
        return await new RedisAgreement(link).AgreeAsync("name", "value", CancellationToken.None);
    }
}
