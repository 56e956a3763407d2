using OutageAggregator.Runtime;

namespace OutageAggregator.Cluster;

/// <summary>
/// Says that the node leaves before it does. Everything still runs meanwhile; afterwards the server takes no more connections and finishes the
/// requests it has, the intake stores what it took in, and only then the silo hands its grains over.
/// </summary>
internal sealed class Drain(Readiness readiness, ClusterSettings settings) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Missing(ReadyPart.Node, "this node is leaving the cluster");
        return Task.Delay(TimeSpan.FromSeconds(settings.DrainSeconds), cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
