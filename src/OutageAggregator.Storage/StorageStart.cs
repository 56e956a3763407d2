using Microsoft.Extensions.Hosting;

namespace OutageAggregator.Storage;

/// <summary>
/// Opens the stores when the host starts, by asking for them, so that what is wrong with them is said then and not to the first reporter.
/// </summary>
internal sealed class StorageStart(IServiceProvider services, Action<IServiceProvider, string?> tell) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = await services.GetRequiredService<ICountStore>().LastObservedAsync(cancellationToken);
        _ = await services.GetRequiredService<IIncidentLog>().LastPositionAsync(cancellationToken);
        tell(services, null);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
