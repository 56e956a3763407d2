using Microsoft.Extensions.DependencyInjection;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Intake;

/// <summary>What recognises senders: the reporter key, and the ring of batches that may be repeated.</summary>
public static class SenderRegistration
{
    /// <summary>Opens both at once, so that a damaged file stops the start and not the first report.</summary>
    /// <param name="services">The services.</param>
    /// <param name="folder">The data folder; null where nothing is to outlive the process.</param>
    /// <exception cref="SettingsException">A file can't be read or made, or is damaged.</exception>
    public static IServiceCollection AddSenders(this IServiceCollection services, string? folder)
    {
        var key = folder is null ? ReporterKey.Ephemeral() : ReporterKey.Open(folder);
        var batches = folder is null ? RepeatedBatches.InMemory() : RepeatedBatches.Open(folder);
        services.AddSingleton(key);
        // By a factory: the container disposes what it made.
        services.AddSingleton<IRepeatedBatches>(_ => batches);
        return services;
    }
}
