using OutageAggregator.Runtime.Spooling;

namespace OutageAggregator.Runtime.Watching;

/// <summary>Registers what hosts of watches are made of. They need a catalog, the stores and a clock.</summary>
public static class WatchRegistration
{
    public static IServiceCollection AddWatchParts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WatchSettings>();
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<WatchLoader>();
        services.TryAddSingleton<WatchRunner>();
        services.TryAddSingleton(p => new MinuteObserver(p.GetRequiredService<ICountStore>(), p.GetRequiredService<TimeProvider>(), p.GetService<Spool>()));
        services.TryAddSingleton<HostParts>();
        services.TryAddSingleton<CandidateRun>();
        services.TryAddSingleton<DueServices>();
        return services;
    }
}
