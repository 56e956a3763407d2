using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OutageAggregator.Runtime.Reading;

/// <summary>Registers the readers. They need a catalog, both stores and a clock.</summary>
public static class ReadingComposition
{
    public static IServiceCollection AddReading(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => ServerNotice.Of(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<BaselineReader>();
        services.TryAddSingleton<StatusBoard>();
        services.TryAddSingleton<RecentReader>();
        services.TryAddSingleton<FreshnessReader>();
        services.TryAddSingleton<ConfidenceReader>();
        services.TryAddSingleton<SituationReader>();
        services.TryAddSingleton<ServiceReader>();
        services.TryAddSingleton<SeriesReader>();
        services.TryAddSingleton<IncidentReader>();
        services.TryAddSingleton<Readiness>();
        return services;
    }
}
