namespace OutageAggregator.Cluster;

/// <summary>
/// Knows whether there are other nodes, and tells operators of those that come and go: one line each, where Orleans itself tells of every
/// probe.
/// </summary>
internal sealed partial class OtherNodes(ISiloStatusOracle nodes, ILogger<OtherNodes> logger) : ISiloStatusListener
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SiloAddress, SiloStatus> _known = [];
    private volatile bool _any;

    /// <summary>True while another node is one of the cluster.</summary>
    public bool Any => _any;

    /// <summary>Listens, and notes who is there already: Orleans tells of changes only.</summary>
    public void Begin()
    {
        _ = nodes.SubscribeToSiloStatusEvents(this);
        // A change that comes meanwhile waits, and is newer than what is read here.
        lock (_gate)
        {
            foreach (var (node, status) in nodes.GetApproximateSiloStatuses(onlyActive: true))
                SiloStatusChangeNotification(node, status);
        }
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(nodes.SiloAddress))
            return;
        lock (_gate)
        {
            var before = _known.GetValueOrDefault(updatedSilo);
            if (status == before)
                return;
            // A node that comes back has another address.
            if (status == SiloStatus.Dead)
                _ = _known.Remove(updatedSilo);
            else
                _known[updatedSilo] = status;
            _any = _known.ContainsValue(SiloStatus.Active);
            Tell(updatedSilo.Endpoint, before, status);
        }
    }

    private void Tell(object address, SiloStatus before, SiloStatus status)
    {
        if (status == SiloStatus.Active)
            Came(address);
        else if (status == SiloStatus.Dead && before == SiloStatus.Active)
            GivenUp(address);
        else if (status == SiloStatus.Dead && before is (SiloStatus.ShuttingDown or SiloStatus.Stopping))
            Left(address);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The node {Address} is one of the cluster")]
    private partial void Came(object address);

    [LoggerMessage(Level = LogLevel.Information, Message = "The node {Address} left the cluster; its watches move to the others")]
    private partial void Left(object address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node {Address} does not answer and was given up; its watches move to the others")]
    private partial void GivenUp(object address);
}
