using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OutageAggregator.Storage.Tls;

namespace OutageAggregator.TestKit;

/// <summary>An authority of a test's own, which issues certificates for 127.0.0.1 as files.</summary>
internal sealed class CertificateMaker : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly TemporaryFolder _folder;
    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    public CertificateMaker(TemporaryFolder folder, string name)
    {
        _folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(_now.AddDays(-30), _now.AddDays(30));
        File = folder.File($"{name}.pem", _authority.ExportCertificatePem());
    }

    /// <summary>The file of the authority.</summary>
    public string File { get; }

    /// <summary>A certificate of this authority in two PEM files.</summary>
    /// <param name="name">Whom it is for.</param>
    /// <param name="days">For how many days it is valid; negative for one that expired so many days ago.</param>
    /// <param name="forServers">Whether a server may show it; a client may anyway.</param>
    public TlsSettings Issue(string name, int days = 1, bool forServers = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(name, key, days, forServers);
        return new TlsSettings
        {
            Authority = File,
            Certificate = _folder.File($"{name}.pem", certificate.ExportCertificatePem()),
            Key = _folder.File($"{name}.key", key.ExportPkcs8PrivateKeyPem()),
        };
    }

    /// <summary>A certificate of this authority in a PFX file.</summary>
    public TlsSettings IssuePfx(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(name, key, days: 1, forServers: true);
        using var whole = certificate.CopyWithPrivateKey(key);
        var path = Path.Combine(_folder.Path, $"{name}.pfx");
        System.IO.File.WriteAllBytes(path, whole.Export(X509ContentType.Pfx));
        return new TlsSettings { Authority = File, Certificate = path };
    }

    public void Dispose() => _authority.Dispose();

    private X509Certificate2 Sign(string name, ECDsa key, int days, bool forServers)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientUse), .. forServers ? (Oid[])[new Oid(ServerUse)] : []], critical: false));
        return request.Create(_authority, _now.AddDays(-20), _now.AddDays(days), Guid.NewGuid().ToByteArray());
    }
}
