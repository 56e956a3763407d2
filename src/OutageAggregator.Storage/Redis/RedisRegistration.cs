using System.Diagnostics.Metrics;
using OutageAggregator.Storage.Redis.Counts;
using OutageAggregator.Storage.Redis.Incidents;
using OutageAggregator.Storage.Redis.Proposals;

namespace OutageAggregator.Storage.Redis;

/// <summary>Keeps counts, incidents and reviews in Redis.</summary>
public static class RedisRegistration
{
    /// <summary>
    /// Registers all stores over one connection. Nothing is asked at the start: a Redis that is down then fails the calls that need it,
    /// until it answers. <see cref="RedisSettings"/> is used where it is registered.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="tell">Told in a sentence why all calls fail when they begin to, and null when they succeed again.</param>
    /// <param name="folder">The data folder: an earlier version may have left notes of repeatable batches there, which belong into
    /// Redis.</param>
    public static IServiceCollection AddRedisStorage(
        this IServiceCollection services, Action<IServiceProvider, string?> tell, string? folder = null)
    {
        services.TryAddSingleton<RedisSettings>();
        services.AddSingleton(p => new RedisLink(
            p.GetRequiredService<RedisSettings>(), trouble => tell(p, trouble), p.GetService<IMeterFactory>()));
        services.AddSingleton(p => new RedisIncidentLog(p.GetRequiredService<RedisLink>()));
        services.AddSingleton<ICursorStore, RedisCursorStore>();
        services.AddSingleton<IIncidentLog>(p => p.GetRequiredService<RedisIncidentLog>());
        services.AddSingleton<ICountStore, RedisCountStore>();
        services.AddSingleton<IReviewLog, RedisReviewLog>();
        services.AddSingleton<IProposalStore, RedisProposalStore>();
        services.AddSingleton<IShadowLog, RedisShadowLog>();
        return services.AddSingleton<IRepeatedBatches>(p => new RedisRepeatedBatches(p.GetRequiredService<RedisLink>(), folder));
    }
}
