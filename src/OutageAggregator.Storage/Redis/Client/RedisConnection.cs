using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OutageAggregator.Storage.Tls;

namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// What <see cref="RedisSettings.Connection"/> says, as the client reads it; for our own connection, and for another one to the same
/// Redis.
/// </summary>
public static class RedisConnection
{
    /// <summary>Namespace of what the client throws: these exceptions stand behind a <see cref="StoreUnavailableException"/>.</summary>
    public const string ClientNamespace = nameof(StackExchange);

    // In front, so that what the operator says comes later and wins. A call ends after two seconds; a connection on which nothing came
    // for four times as long is replaced by the client. A replica that was promoted is found out within five seconds. Connecting never
    // ends: whoever waits for the first connection waits for one try of a second.
    private const string Defaults = "asyncTimeout=2000,configCheckSeconds=5,connectTimeout=1000,connectRetry=1,abortConnect=false,tiebreaker=,";

    /// <summary>The settings of a connection: it is tried for ever, a little at a time.</summary>
    /// <param name="settings">Where Redis is.</param>
    /// <param name="clientName">What the connection is called in Redis' list of clients.</param>
    /// <exception cref="StoreUnavailableException">The connection is no such text.</exception>
    /// <exception cref="CertificateException">A file of its certificates can't be used.</exception>
    public static ConfigurationOptions OptionsOf(RedisSettings settings, string clientName)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(Defaults + settings.Connection);
        }
        catch (ArgumentException e)
        {
            // The text itself may hold a password.
            throw Unreadable("can't be read", e);
        }
        // The client takes a colon for a host.
        if (options.EndPoints.Count == 0 || options.EndPoints.Any(e => e is DnsEndPoint name && Uri.CheckHostName(name.Host) == UriHostNameType.Unknown))
            throw Unreadable("names no server");
        // The client's own pauses grow to ten seconds while Redis is away, and everybody would wait for the last of them.
        options.ReconnectRetryPolicy = new LinearRetry(500);
        // How often calls and connections that take too long are looked for.
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        options.ClientName = clientName;
        if (settings.Tls.IsUsed)
            Secure(options, settings.Tls);
        return options;
    }

    private static void Secure(ConfigurationOptions options, TlsSettings tls)
    {
        const string Group = "Redis:Tls";
        options.Ssl = true;
        if (tls.Authority is not null)
        {
            var authority = tls.ReadAuthority(Group);
            // The name must be right whoever the authority is.
            options.CertificateValidation += (_, shown, _, errors) =>
                (errors | SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.RemoteCertificateChainErrors
                && shown is X509Certificate2 certificate
                && authority.WhyNot(certificate) is null;
        }
        if ((tls.Certificate ?? tls.Key) is null)
            return;
        var own = tls.ReadCertificate(Group);
        options.CertificateSelection += (_, _, _, _, _) => own;
    }

    private static StoreUnavailableException Unreadable(string why, Exception? cause = null) => new(
        $"Redis:Connection {why}. Allowed: HOST:PORT, more of them separated by commas, then options such as password=… or ssl=true.", cause);
}
