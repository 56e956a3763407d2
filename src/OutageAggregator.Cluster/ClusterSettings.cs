using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace OutageAggregator.Cluster;

/// <summary>How this node finds the others and is found by them.</summary>
public sealed class ClusterSettings
{
    public const string Section = "Cluster";

    /// <summary>Nodes of the same name over the same Redis are one cluster.</summary>
    [Required, RegularExpression("[a-z0-9-]{1,40}"), Description("1 to 40 lower-case letters, digits or hyphens")]
    public string Name { get; set; } = "outage";

    /// <summary>The address at which the other nodes reach this one; null takes the first of the machine's own that is not its loopback.</summary>
    [Description("an IP address of this machine, such as 10.0.0.7")]
    public IPAddress? Address { get; set; }

    /// <summary>The port at which the other nodes reach this one. It speaks to whoever comes: keep it in a network of their own.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The folder of <c>reporter.key</c>, the same on all nodes; null takes the node's data folder, which is right for one node only.</summary>
    [StringLength(1024, MinimumLength = 1), Description("a folder that all nodes share, or that holds the same reporter.key on each")]
    public string? Secrets { get; set; }

    /// <summary>
    /// For so many seconds after it is asked to stop, and up to five while requests still come, a node says at <c>/readyz</c> that it leaves and goes on
    /// answering, so that balancers send the next requests elsewhere; 0 stops it at once.
    /// </summary>
    [Range(0, 5)]
    public int DrainSeconds { get; set; } = 2;

    /// <summary>The address that is told to the other nodes.</summary>
    public IPAddress OwnAddress() => Address ?? NetworkInterface.GetAllNetworkInterfaces()
        .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(n => n.GetIPProperties().UnicastAddresses)
        .Select(a => a.Address)
        .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Loopback;
}
