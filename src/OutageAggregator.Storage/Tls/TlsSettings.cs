using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OutageAggregator.Storage.Tls;

/// <summary>
/// The files by which two ends of a connection know each other. They are read at the start: renewed ones need another start.
/// </summary>
public sealed class TlsSettings
{
    private const string AnyFile = "the path of a file that this user can read";

    [Description("A PEM file with the authority that certificates of the other end must be of, and those between the two.")]
    [StringLength(1024, MinimumLength = 1, ErrorMessage = AnyFile)]
    public string? Authority { get; set; }

    [Description("A PEM or PFX file with the certificate that the other end is shown; a PFX file without a password.")]
    [StringLength(1024, MinimumLength = 1, ErrorMessage = AnyFile)]
    public string? Certificate { get; set; }

    [Description("A PEM file with the private key of the certificate; unless set, it is in the file of the certificate.")]
    [StringLength(1024, MinimumLength = 1, ErrorMessage = AnyFile)]
    public string? Key { get; set; }

    /// <summary>True where any of them is set.</summary>
    public bool IsUsed => (Authority ?? Certificate ?? Key) is not null;

    /// <summary>Reads the certificate with its private key.</summary>
    /// <param name="group">Where these settings are, such as <c>Cluster:Tls</c>, for messages.</param>
    /// <exception cref="CertificateException">There is none that can be used today.</exception>
    public X509Certificate2 ReadCertificate(string group)
    {
        if (Certificate is not { } path)
            throw new CertificateException($"{group}:Certificate is not set. Name a PEM or PFX file with a certificate.");
        var certificate = Read($"{group}:Certificate", path, () => Load(path, Key));
        var now = TimeProvider.System.GetUtcNow();
        var (from, to) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        if (certificate.HasPrivateKey && from <= now && now <= to)
            return certificate;
        var wrong = !certificate.HasPrivateKey ? $"holds a certificate without its private key. Name a PEM file with the key in {group}:Key"
            : to < now ? $"holds a certificate that expired at {Show(to)}. Issue a new one"
            : $"holds a certificate that is not valid before {Show(from)}. Set this machine's clock right, or issue another one";
        certificate.Dispose();
        throw new CertificateException($"{group}:Certificate ({path}) {wrong}.");
    }

    /// <summary>Reads the authority.</summary>
    /// <param name="group">Where these settings are, for messages.</param>
    /// <exception cref="CertificateException">The file holds none.</exception>
    public CertificateAuthority ReadAuthority(string group)
    {
        if (Authority is not { } path)
            throw new CertificateException($"{group}:Authority is not set. Name a PEM file with the certificate of the authority.");
        return Read($"{group}:Authority", path, () =>
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            return certificates.Count > 0
                ? new CertificateAuthority(certificates)
                : throw new CryptographicException("There is no certificate in it.");
        });
    }

    private static string Show(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static X509Certificate2 Load(string path, string? key)
    {
        var content = File.ReadAllBytes(path);
        return X509Certificate2.GetCertContentType(content) == X509ContentType.Pfx
            ? X509CertificateLoader.LoadPkcs12(content, password: null)
            : X509Certificate2.CreateFromPemFile(path, key);
    }

    private T Read<T>(string key, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{key} ({path}) can't be read: {e.Message} Name {AnyFile}.", e);
        }
        catch (ArgumentException e)
        {
            throw new CertificateException(
                $"{key} ({path}) can't be used with the key {Key ?? "in it"}, which is another certificate's. Name the file of its own key.", e);
        }
        catch (CryptographicException e)
        {
            throw new CertificateException(
                $"{key} ({path}) can't be used: {e.Message} Allowed: certificates and keys in PEM, or a PFX file without a password.", e);
        }
    }
}

/// <summary>A certificate's file can't be used; the message is one line that names the setting, what is wrong and how to mend it.</summary>
public sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>An authority of one's own: nobody else's certificates are believed. It is not asked which it revoked.</summary>
/// <param name="certificates">The authority's, and those of authorities that it empowered.</param>
public sealed class CertificateAuthority(X509Certificate2Collection certificates)
{
    /// <summary>Why a certificate is not to be believed, in words; null where it is the authority's and valid today.</summary>
    public string? WhyNot(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(certificates);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate) ? null : string.Join(", ", chain.ChainStatus.Select(s => s.StatusInformation.Trim().TrimEnd('.')));
    }
}
