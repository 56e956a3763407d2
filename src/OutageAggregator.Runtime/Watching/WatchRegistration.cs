using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace OutageAggregator.Runtime.Watching;

/// <summary>Registers the embedded watches. They need a catalog, both stores and a clock.</summary>
public static class WatchRegistration
{
    public static IServiceCollection AddEmbeddedWatches(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WatchSettings>();
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<WatchLoader>();
        services.TryAddSingleton<WatchRunner>();
        services.TryAddSingleton<EmbeddedWatches>();
        services.TryAddSingleton<IWatches>(provider => provider.GetRequiredService<EmbeddedWatches>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WatchTicker>());
        return services;
    }
}
