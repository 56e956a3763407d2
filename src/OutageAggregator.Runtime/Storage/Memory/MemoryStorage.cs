using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Storage.Memory;

/// <summary>Keeps counts, incidents and reviews in memory.</summary>
public static class MemoryStorage
{
    /// <summary>Registers stores that survive nothing: for tests and trials. <see cref="StorageSettings"/> is used where it is registered.</summary>
    public static IServiceCollection AddMemoryStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<StorageSettings>();
        services.TryAddSingleton<Readiness>();
        services.AddSingleton<ICountStore, MemoryCountStore>(p => new MemoryCountStore(p.GetRequiredService<StorageSettings>()));
        services.AddSingleton<IIncidentLog, MemoryIncidentLog>();
        services.AddSingleton<IReviewLog, MemoryReviewLog>();
        services.AddSingleton<IShadowLog, MemoryShadowLog>();
        services.AddHostedService<StorageStart>();
        return services;
    }
}
