using Microsoft.Extensions.Logging;

namespace OutageAggregator.Cluster;

/// <summary>
/// Tells operators in one line of each node that the cluster gave up. A node that was asked to end says so before, and is none of them.
/// A row of the table of members that was dead before this node came is news to nobody.
/// </summary>
internal sealed partial class LostNodes(SiloAddress own, ILogger<LostNodes> logger) : ISiloStatusListener
{
    private readonly Lock _lock = new();
    private readonly HashSet<SiloAddress> _present = [];

    /// <summary>Those that are members now, so that their loss is noticed although they joined before.</summary>
    public void Present(IEnumerable<SiloAddress> members)
    {
        foreach (var member in members)
            SiloStatusChangeNotification(member, SiloStatus.Active);
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(own))
            return;
        lock (_lock)
        {
            if (status == SiloStatus.Active)
            {
                _ = _present.Add(updatedSilo);
                return;
            }
            if (!_present.Remove(updatedSilo) || status != SiloStatus.Dead)
                return;
        }
        GivenUp(updatedSilo.Endpoint.ToString());
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The cluster gave up the node {Node}: it did not answer. Its watches move to the others. Answered reports are stored")]
    private partial void GivenUp(string node);
}
