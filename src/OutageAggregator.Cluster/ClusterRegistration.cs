using OutageAggregator.Storage.Redis;
using OutageAggregator.Storage.Redis.Client;

namespace OutageAggregator.Cluster;

/// <summary>
/// Registers the watches as grains, in a silo of one or in a cluster. They need a catalog, the stores, a clock and, in a cluster, a
/// reporter key.
/// </summary>
public static class ClusterRegistration
{
    /// <summary>The meter by which Orleans tells of silos, grains, messages and membership, for whoever exports metrics.</summary>
    public const string OrleansMeter = "Microsoft.Orleans";

    /// <summary>The watches in a silo of one, which listens on nothing and knows nobody.</summary>
    public static IServiceCollection AddSiloOfOne(this IServiceCollection services)
    {
        services.TryAddSingleton<ISiloPlace, SiloOfOne>();
        return services.AddGrainWatches();
    }

    /// <summary>The watches in a silo that is one of a cluster over Redis, of one node or of many.</summary>
    public static IServiceCollection AddSiloOfCluster(this IServiceCollection services)
    {
        services.TryAddSingleton(p => new RedisAgreement(p.GetRequiredService<RedisLink>()));
        services.TryAddSingleton<Membership>();
        services.TryAddSingleton<ISiloPlace, SiloOfCluster>();
        return services.AddGrainWatches();
    }

    /// <summary>
    /// Waits for the watches that were due at the start, for as long as a grain may be waited for. To be asked once reports are accepted.
    /// </summary>
    /// <returns>True where they are there.</returns>
    /// <exception cref="StoreUnavailableException">This node is none of the cluster.</exception>
    public static async Task<bool> WatchesWokenAsync(this IServiceProvider services)
    {
        try
        {
            await services.GetRequiredService<Silo>().Grains.WakeUp.WokenAsync();
            return true;
        }
        catch (Exception e) when (LostCalls.IsLost(e))
        {
            return false;
        }
    }

    private static IServiceCollection AddGrainWatches(this IServiceCollection services)
    {
        services.AddWatchParts();
        services.TryAddSingleton<ClusterSettings>();
        services.TryAddSingleton<HostedServices>();
        services.TryAddSingleton<Silo>();
        services.AddHostedService(p => p.GetRequiredService<Silo>());
        services.TryAddSingleton<GrainWatches>();
        services.TryAddSingleton<IWatches>(p => p.GetRequiredService<GrainWatches>());
        services.TryAddSingleton<WatchTicker>();
        services.AddHostedService(p => p.GetRequiredService<WatchTicker>());
        return services;
    }
}
