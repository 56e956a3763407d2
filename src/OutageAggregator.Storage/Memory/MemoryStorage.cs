namespace OutageAggregator.Storage.Memory;

/// <summary>Keeps counts, incidents and reviews in memory.</summary>
public static class MemoryStorage
{
    /// <summary>
    /// Registers stores that survive nothing: for tests and trials. <see cref="StorageSettings"/> is used where it is registered.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="tell">Told null once they are there.</param>
    public static IServiceCollection AddMemoryStorage(this IServiceCollection services, Action<IServiceProvider, string?> tell)
    {
        services.TryAddSingleton<StorageSettings>();
        services.AddSingleton<ICountStore, MemoryCountStore>(p => new MemoryCountStore(p.GetRequiredService<StorageSettings>()));
        services.AddSingleton<IIncidentLog, MemoryIncidentLog>();
        services.AddSingleton<ICursorStore, MemoryCursorStore>();
        services.AddSingleton<IReviewLog, MemoryReviewLog>();
        services.AddSingleton<IProposalStore, MemoryProposalStore>();
        services.AddSingleton<IRepeatedBatches, MemoryRepeatedBatches>();
        services.AddSingleton<IShadowLog, MemoryShadowLog>();
        services.AddHostedService(p => new StorageStart(p, tell));
        return services;
    }
}
