using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace OutageAggregator.Cluster;

/// <summary>How this node finds the others and is found by them.</summary>
public sealed class ClusterSettings
{
    public const string Section = "Cluster";

    /// <summary>How long one node gives another one for an answer, seconds.</summary>
    public const int CallSeconds = 5;

    internal const int DefaultSiloPort = 11_111;

    /// <summary>Nodes of the same name over the same Redis are one cluster.</summary>
    [Required, RegularExpression("[a-z0-9-]{1,40}"), Description("1 to 40 lower-case letters, digits or hyphens")]
    public string Name { get; set; } = "outage";

    /// <summary>The address at which the other nodes reach this one; null takes the loopback, which nodes of this machine only can reach.</summary>
    [Description("an IP address of this machine, such as 10.0.0.7")]
    public IPAddress? Address { get; set; }

    /// <summary>The port at which the other nodes reach this one; null takes 11111, or a free one where no address is named. It speaks to whoever comes: keep it in a network of their own.</summary>
    [Range(1, 65_535), Description("1 to 65535; without Cluster:Address a free one by default")]
    public int? SiloPort { get; set; }

    /// <summary>The folder of <c>reporter.key</c>, the same on all nodes; null takes the node's data folder, which is right for one node only.</summary>
    [StringLength(1024, MinimumLength = 1), Description("a folder that all nodes share, or that holds the same reporter.key on each")]
    public string? Secrets { get; set; }

    /// <summary>
    /// For so many seconds after it is asked to stop, and up to five while requests still come, a node says at <c>/readyz</c> that it leaves and goes on
    /// answering, so that balancers send the next requests elsewhere; 0 stops it at once.
    /// </summary>
    [Range(0, 5)]
    public int DrainSeconds { get; set; } = 2;
}
