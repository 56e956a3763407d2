namespace OutageAggregator.Cluster;

/// <summary>
/// Knows whether there are other nodes, and tells operators of those that come and go: one line each, where Orleans itself tells of every
/// probe.
/// </summary>
internal sealed partial class OtherNodes(ISiloStatusOracle nodes, ILogger<OtherNodes> logger) : ISiloStatusListener
{
    private readonly ConcurrentDictionary<SiloAddress, SiloStatus> _others = new();
    private volatile bool _any;

    /// <summary>True while another node is one of the cluster.</summary>
    public bool Any => _any;

    /// <summary>Listens, and notes who is there already: Orleans tells of changes only.</summary>
    public void Begin()
    {
        _ = nodes.SubscribeToSiloStatusEvents(this);
        foreach (var (node, status) in nodes.GetApproximateSiloStatuses(onlyActive: true))
            SiloStatusChangeNotification(node, status);
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(nodes.SiloAddress))
            return;
        var before = SiloStatus.None;
        _ = _others.AddOrUpdate(updatedSilo, status, (_, known) =>
        {
            before = known;
            return status;
        });
        _any = _others.Values.Contains(SiloStatus.Active);
        if (status == before)
            return;
        if (status == SiloStatus.Active)
            Came(updatedSilo.Endpoint);
        else if (status == SiloStatus.Dead && before == SiloStatus.Active)
            GivenUp(updatedSilo.Endpoint);
        else if (status == SiloStatus.Dead && before is (SiloStatus.ShuttingDown or SiloStatus.Stopping))
            Left(updatedSilo.Endpoint);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The node {Address} is one of the cluster")]
    private partial void Came(object address);

    [LoggerMessage(Level = LogLevel.Information, Message = "The node {Address} left the cluster; its watches move to the others")]
    private partial void Left(object address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node {Address} does not answer and was given up; its watches move to the others")]
    private partial void GivenUp(object address);
}
