using OutageAggregator.Storage.Redis;
using OutageAggregator.Storage.Redis.Client;
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

        await using (var trusting = LinkTo(port, ours))
            Assert.Equal("value", await new RedisAgreement(trusting).AgreeAsync("name", "value", CancellationToken.None));
        await using var link = LinkTo(port, theirs);
        // Why the first connection failed, the client doesn't say: half a second later it tries again.
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (!(await RefusalAsync(link)).Contains("shows a certificate of an authority that is not trusted", StringComparison.Ordinal))
            _ = await look.WaitForNextTickAsync(patience.Token);
    }

    private static RedisLink LinkTo(string port, CertificateMaker authority)
    {
        var settings = new RedisSettings { Connection = RedisServer.Patient($"127.0.0.1:{port}") };
        settings.Tls.Authority = authority.File;
        return new RedisLink(settings);
    }

    private static async Task<string> RefusalAsync(RedisLink link) =>
        (await Assert.ThrowsAsync<StoreUnavailableException>(() => new RedisAgreement(link).AgreeAsync("name", "value", CancellationToken.None))).Message;
}
