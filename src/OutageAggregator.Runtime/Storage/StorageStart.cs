using Microsoft.Extensions.Hosting;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Storage;

/// <summary>
/// Opens the stores when the host starts, by asking for them, so that what is wrong with them is said then and not to the first reporter.
/// </summary>
internal sealed class StorageStart(ICountStore counts, IIncidentLog log, Readiness readiness) : IHostedService
{
    /// <summary>Says whether writes succeed.</summary>
    public static void Tell(Readiness readiness, string? trouble)
    {
        if (trouble is null)
            readiness.Ready(ReadyPart.Store);
        else
            readiness.Missing(ReadyPart.Store, trouble);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = await counts.LastObservedAsync(cancellationToken);
        _ = await log.LastPositionAsync(cancellationToken);
        Tell(readiness, trouble: null);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
