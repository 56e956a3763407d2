using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OutageAggregator.Runtime.Live;

/// <summary>Registers the live events. They need the readers.</summary>
public static class LiveComposition
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.TryAddSingleton<LiveSettings>();
        services.TryAddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        return services;
    }
}
