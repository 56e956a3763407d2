using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.Storage.Tls;

namespace OutageAggregator.Cluster;

/// <summary>How this node finds the others and is found by them.</summary>
public sealed class ClusterSettings
{
    /// <summary>How long one node gives another one for an answer, seconds: more than its call to Redis may take.</summary>
    public const int CallSeconds = (RedisSettings.LongestCallMilliseconds / 1_000) + 1;

    internal const int DefaultSiloPort = 11_111;

    private const string NameForm = "1 to 40 lower-case letters, digits or hyphens";

    [Description("Nodes of one name over one Redis (and Redis:Prefix) are a cluster.")]
    [Required(ErrorMessage = NameForm), RegularExpression("[a-z0-9-]{1,40}", ErrorMessage = NameForm)]
    public string Name { get; set; } = "outage";

    [Description("The address at which the other nodes reach this one; unless set, the loopback, which only nodes of this machine can reach.")]
    public IPAddress? Address { get; set; }

    [Description("The port at which the other nodes reach this one; unless set, 11111, or a free one without Cluster:Address. "
        + "Without Cluster:Tls it speaks to whoever comes: keep it in a private network.")]
    [Range(1, 65_535)]
    public int? SiloPort { get; set; }

    [Description("The folder of reporter.key; unless set, the node's data folder, which is right for one node only.")]
    [StringLength(1024, MinimumLength = 1, ErrorMessage = "a folder that all nodes share, or that holds the same reporter.key on each")]
    public string? Secrets { get; set; }

    // So that balancers send the next requests elsewhere.
    [Description("How many seconds a node that is stopping goes on answering while /readyz already says so, up to 5 while requests still come; 0 stops it at once."), Range(0, 5)]
    public int DrainSeconds { get; set; } = 2;

    [Description("Serves Orleans' own dashboard at /dashboard to keys with the scope admin. Set it on all nodes alike.")]
    public bool Dashboard { get; set; }

    /// <summary>TLS between nodes: each shows a certificate, and none talks to a node whose certificate is of another authority.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>Looks at the files that the settings name.</summary>
    /// <exception cref="CertificateException">A node can't show or check certificates with them.</exception>
    public void Check()
    {
        if (Tls.IsUsed)
            _ = new SiloTls(Tls, NullLogger.Instance);
    }
}
