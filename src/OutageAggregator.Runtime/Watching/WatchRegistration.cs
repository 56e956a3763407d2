using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Storage;

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
        services.TryAddSingleton(Watches);
        services.TryAddSingleton<IWatches>(provider => provider.GetRequiredService<EmbeddedWatches>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ShadowEnd>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WatchTicker>());
        return services;
    }

    private static EmbeddedWatches Watches(IServiceProvider services) => new(
        services.GetRequiredService<ICountStore>(),
        services.GetRequiredService<WatchLoader>(),
        services.GetRequiredService<WatchRunner>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<EmbeddedWatches>>(),
        Shadow(services),
        services.GetService<Spool>());

    private static ShadowWatches? Shadow(IServiceProvider services)
    {
        var settings = services.GetRequiredService<WatchSettings>();
        if (settings.Shadow.Length == 0)
            return null;
        if (services.GetService<IShadowLog>() is null)
            throw new SettingsException($"Watching:Shadow is '{settings.Shadow}', but the chosen storage keeps no log for a candidate detector. Allowed: nothing at all, or another storage.");
        return ActivatorUtilities.CreateInstance<ShadowWatches>(services);
    }
}
