using OutageAggregator.Runtime.Proposals;
using OutageAggregator.Runtime.Watching;

namespace OutageAggregator.Runtime.Reading;

/// <summary>Registers the readers. They need a catalog and the stores.</summary>
public static class ReadingComposition
{
    public static IServiceCollection AddReading(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => ServerNotice.Of(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<WatchSettings>();
        services.TryAddSingleton<WatchLoader>();
        services.TryAddSingleton<BaselineReader>();
        services.TryAddSingleton<StatusBoard>();
        services.TryAddSingleton<RecentReader>();
        services.TryAddSingleton<ObservedReader>();
        services.TryAddSingleton<FreshnessReader>();
        services.TryAddSingleton<ConfidenceReader>();
        services.TryAddSingleton<SituationReader>();
        services.TryAddSingleton<ServiceReader>();
        services.TryAddSingleton<SeriesReader>();
        services.TryAddSingleton<RegionReader>();
        services.TryAddSingleton<IncidentReader>();
        services.TryAddSingleton<TailReader>();
        services.TryAddSingleton<TrackRecordReader>();
        services.TryAddSingleton<ShadowReader>();
        services.TryAddSingleton<Readiness>();
        return services.AddProposals();
    }
}
