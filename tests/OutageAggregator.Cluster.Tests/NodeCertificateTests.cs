using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Storage.Tls;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests;

/// <summary>Files that a node can't show or check certificates with: each stops the start with a line that says what is wrong and how to mend it.</summary>
public sealed class NodeCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CertificateMaker _maker;

    public NodeCertificateTests() => _maker = new CertificateMaker(_folder, "ours");

    public void Dispose()
    {
        _maker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_pair_of_PEM_files_is_taken() => Assert.NotNull(Read(_maker.Issue("node")));

    [Fact]
    public void A_PFX_file_is_taken() => Assert.NotNull(Read(_maker.IssuePfx("node")));

    [Fact]
    public void A_certificate_of_either_of_two_authorities_in_the_file_is_taken()
    {
        using var theirs = new CertificateMaker(_folder, "theirs");
        var both = _folder.File("both.pem", File.ReadAllText(_maker.File) + "\n" + File.ReadAllText(theirs.File));
        foreach (var settings in new[] { _maker.Issue("old"), theirs.Issue("new") })
        {
            settings.Authority = both;
            Assert.NotNull(Read(settings));
        }
    }

    [Fact]
    public void A_certificate_without_an_authority_is_refused()
    {
        var settings = _maker.Issue("node");
        settings.Authority = null;

        AssertRefused("Cluster:Tls:Authority is not set. Name a PEM file with the certificate of the authority.", settings);
    }

    [Fact]
    public void An_authority_without_a_certificate_is_refused() =>
        AssertRefused("Cluster:Tls:Certificate is not set. Name a PEM or PFX file with a certificate.", new TlsSettings { Authority = _maker.File });

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        var settings = _maker.Issue("node");
        settings.Certificate += ".old";

        AssertRefused($"Cluster:Tls:Certificate ({settings.Certificate}) can't be read: ", settings);
    }

    [Fact]
    public void A_file_without_a_certificate_is_refused()
    {
        var settings = _maker.Issue("node");
        settings.Certificate = _folder.File("notes.txt", "The certificate is on the other disk.");

        AssertRefused($"Cluster:Tls:Certificate ({settings.Certificate}) can't be used: ", settings);
    }

    [Fact]
    public void An_authority_without_a_certificate_in_its_file_is_refused()
    {
        var settings = _maker.Issue("node");
        settings.Authority = _folder.File("notes.txt", "");

        AssertRefused($"Cluster:Tls:Authority ({settings.Authority}) can't be used: There is no certificate in it. ", settings);
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused()
    {
        var settings = _maker.Issue("node");
        settings.Key = null;

        AssertRefused($"Cluster:Tls:Certificate ({settings.Certificate}) can't be used: ", settings);
    }

    [Fact]
    public void The_key_of_another_certificate_is_refused()
    {
        var settings = _maker.Issue("node");
        settings.Key = _maker.Issue("other").Key;

        AssertRefused($"Cluster:Tls:Certificate ({settings.Certificate}) can't be used with the key {settings.Key}, which is another certificate's.", settings);
    }

    [Fact]
    public void An_expired_certificate_is_refused() => AssertRefused("that expired at 20", _maker.Issue("node", days: -2));

    [Fact]
    public void A_certificate_of_another_authority_than_the_one_named_is_refused()
    {
        using var theirs = new CertificateMaker(_folder, "theirs");
        var settings = theirs.Issue("node");
        settings.Authority = _maker.File;

        AssertRefused($"Cluster:Tls:Certificate ({settings.Certificate}) is not of the authority in {_maker.File}: ", settings);
    }

    [Fact]
    public void A_certificate_that_no_server_may_show_is_refused() =>
        AssertRefused("Issue it with the extended key usages serverAuth and clientAuth.", _maker.Issue("node", forServers: false));

    [Fact]
    public async Task What_is_wrong_stops_the_start_in_one_line()
    {
        using var data = new TemporaryFolder();

        var (code, output, errors) = await ProgramProcess.RunAsync(
            "Server", ["--urls", "http://127.0.0.1:0", "--data", data.Path, "--redis", "127.0.0.1:1"],
            new Dictionary<string, string> { ["OUTAGE_Cluster__Tls__Authority"] = _maker.File });

        Assert.Equal((2, ""), (code, output));
        Assert.Equal("Cluster:Tls:Certificate is not set. Name a PEM or PFX file with a certificate.", errors.TrimEnd('\n'));
    }

    private static SiloTls Read(TlsSettings settings) => new(settings, NullLogger.Instance);

    private static void AssertRefused(string says, TlsSettings settings)
    {
        var message = Assert.Throws<CertificateException>(() => Read(settings)).Message;

        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
