using Microsoft.Extensions.DependencyInjection.Extensions;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Runtime.Watching;
using OutageAggregator.Runtime.Watching.Apart;
using OutageAggregator.Server;
using OutageAggregator.Server.Settings;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Redis;
using OutageAggregator.Storage.Redis.Client;

namespace OutageAggregator.Cluster;

/// <summary>What a node is made of, beside what every server is made of.</summary>
internal static class Composition
{
    // After the longest drain, for what is under way. With it and with a second for what is disposed of last it is nine of the ten seconds after which a
    // node is killed.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    // A grain's call must outlast its wait for Redis.
    private static readonly int s_longestWait = (int)GrainWatches.CallTimeout.TotalMilliseconds - 1_000;

    /// <exception cref="SettingsException">A setting that a cluster can't follow.</exception>
    public static void Check(AllSettings settings, Catalog catalog)
    {
        if (!settings.Storage.IsRedis)
            throw new SettingsException($"Storage:Kind is '{settings.Storage.Kind}', but the nodes of a cluster share their counts. Allowed: redis.");
        if (Math.Max(settings.Redis.WriteMilliseconds, settings.Redis.ReadMilliseconds) > s_longestWait)
            throw new SettingsException($"Redis:WriteMilliseconds is {settings.Redis.WriteMilliseconds} and Redis:ReadMilliseconds {settings.Redis.ReadMilliseconds}, but a node gives another one {GrainWatches.CallTimeout.TotalSeconds} s for an answer. Allowed in a cluster: up to {s_longestWait} each.");
        if (settings.Server.Demo)
            throw new SettingsException("Demo is true, but a demo's made-up counts must not be shared. Allowed: false; the embedded server has a demo.");
        if (settings.Server.Clock is not null)
            throw new SettingsException("Clock is set, but the nodes of a cluster can't share a simulated clock. Allowed: none; the embedded server has one.");
        if (settings.Watching.Shadow.Length > 0)
            throw new SettingsException($"Watching:Shadow is '{settings.Watching.Shadow}', but a candidate detector runs beside on one server only. Allowed: nothing at all, or the embedded server.");
        settings.Watching.Check(catalog);
    }

    /// <exception cref="SettingsException">The reporter key can't be read or made.</exception>
    public static IServiceCollection AddNode(this IServiceCollection services, AllSettings settings, ClusterSettings cluster, Catalog catalog, DataFolder data)
    {
        settings.AddTo(services);
        services.AddSingleton(catalog);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(p => ServerNotice.Of(p.GetRequiredService<TimeProvider>(), demo: false));
        services.AddRedisStorage(RedisNews.Tell);
        services.AddSingleton(ReporterKey.Open(cluster.Secrets ?? data.Path));
        services.AddSingleton<IRepeatedBatches>(p => new Storage.Redis.Counts.RedisRepeatedBatches(p.GetRequiredService<RedisLink>()));
        services.Configure<HostOptions>(options => options.ShutdownTimeout = Drain.LongestOf(cluster) + s_farewell);
        return services.AddGrainWatches();
    }

    /// <summary>The watches, in grains of the cluster that this node is a part of.</summary>
    public static IServiceCollection AddGrainWatches(this IServiceCollection services)
    {
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<WatchSettings>();
        services.TryAddSingleton<WatchLoader>();
        services.TryAddSingleton<WatchRunner>();
        services.TryAddSingleton<HostParts>();
        services.TryAddSingleton(p => new RedisAgreement(p.GetRequiredService<RedisLink>()));
        services.TryAddSingleton<Membership>();
        services.TryAddSingleton<Silo>();
        services.AddHostedService(p => p.GetRequiredService<Silo>());
        services.TryAddSingleton<GrainWatches>();
        services.TryAddSingleton<IWatches>(p => p.GetRequiredService<GrainWatches>());
        services.AddHostedService<NodeTicker>();
        return services;
    }

    /// <summary>To be added last: it is the first to hear that the node is to stop.</summary>
    public static IServiceCollection AddDrain(this IServiceCollection services)
    {
        services.TryAddSingleton<Drain>();
        return services.AddHostedService(p => p.GetRequiredService<Drain>());
    }

    /// <summary>Lets a node that leaves see what still comes. To be used before all that answers.</summary>
    public static IApplicationBuilder UseDrain(this IApplicationBuilder app)
    {
        var drain = app.ApplicationServices.GetRequiredService<Drain>();
        return app.Use((context, next) =>
        {
            drain.Note(context.Request);
            return next(context);
        });
    }
}
