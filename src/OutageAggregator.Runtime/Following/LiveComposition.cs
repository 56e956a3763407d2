namespace OutageAggregator.Runtime.Following;

/// <summary>
/// Registers the live events, once however often it is called: a feed that is started twice would tell everything twice. They need the
/// readers.
/// </summary>
public static class LiveComposition
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(LiveFeed)))
            return services;
        services.TryAddSingleton<LiveSettings>();
        services.TryAddSingleton<LogFollower>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        return services;
    }
}
