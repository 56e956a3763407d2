using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using OutageAggregator.Storage.Tls;

namespace OutageAggregator.Cluster;

/// <summary>
/// TLS between nodes, mutual: whoever connects or is connected to shows a certificate of the one authority. Which name it bears is not
/// asked for, as nodes are known by addresses that change: the authority must be the cluster's own.
/// </summary>
internal sealed partial class SiloTls
{
    private const string Group = "Cluster:Tls";
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _own;
    private readonly CertificateAuthority _authority;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <exception cref="CertificateException">The files can't be used by a node.</exception>
    public SiloTls(TlsSettings settings, ILogger logger)
    {
        (_logger, _authority, _own) = (logger, settings.ReadAuthority(Group), settings.ReadCertificate(Group));
        if (_authority.WhyNot(_own) is { } why)
        {
            throw new CertificateException(
                $"{Group}:Certificate ({settings.Certificate}) is not of the authority in {settings.Authority}: {why}. "
                + "All nodes need certificates of one authority.");
        }
        var uses = _own.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (uses is null || (IsFor(uses, ServerUse) && IsFor(uses, ClientUse)))
            return;
        throw new CertificateException(
            $"{Group}:Certificate ({settings.Certificate}) is not for both ends of a connection. "
            + "Issue it with the extended key usages serverAuth and clientAuth.");
    }

    public void Configure(ISiloBuilder silo) => silo.UseTls(_own, options =>
    {
        options.RemoteCertificateMode = options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (certificate, _, _) => IsBelieved(certificate);
    });

    private static bool IsFor(X509EnhancedKeyUsageExtension uses, string use) => uses.EnhancedKeyUsages[use] is not null;

    // One line a certificate: a node that is refused comes again and again.
    private bool IsBelieved(X509Certificate2 certificate)
    {
        if (_authority.WhyNot(certificate) is not { } why)
            return true;
        if (_refused.TryAdd(certificate.Thumbprint, why))
            Refused(certificate.Subject, why);
        return false;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Refused a node with the certificate {Subject}, which is not of Cluster:Tls:Authority ({Reason}). "
            + "Give all nodes certificates of one authority")]
    private partial void Refused(string subject, string reason);
}
