using System.Security.Cryptography.X509Certificates;

namespace OutageAggregator.Storage.Tls;

/// <summary>
/// An authority of one's own: nobody else's certificates are believed. What it took back is not asked for; leave certificates short-lived.
/// </summary>
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
