using OutageAggregator.Runtime.Following;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Server.Clocks;
using OutageAggregator.Server.Demo;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;

namespace OutageAggregator.Server;

/// <summary>What the settings choose between: the clock, the store, the notice of what is not real.</summary>
internal static class Composition
{
    /// <summary>All that runs in a server. What starts first stops last.</summary>
    /// <exception cref="SettingsException">The choices don't go together.</exception>
    public static async Task AddServerAsync(this IServiceCollection services, AllSettings settings, Catalog catalog, DataFolder? data) =>
        (await services.AddChosenAsync(settings, catalog, data))
            .AddReportIntake()
            .AddReading()
            .AddLive()
            .AddOutageWeb()
            .AddTelemetry(settings.Metrics)
            .AddDrain(settings);

    private static async Task<IServiceCollection> AddChosenAsync(this IServiceCollection services, AllSettings settings, Catalog catalog, DataFolder? data)
    {
        Check(settings, catalog, data);
        var clock = settings.Clock;
        if (settings.Demo)
        {
            settings.Redis.Prefix += SharedDemo.PrefixEnd;
            var recorded = await DemoComposition.ReadEventAsync();
            clock = DemoComposition.ClockOf(recorded, catalog, clock);
            services.AddDemo(recorded, clock);
        }
        settings.AddTo(services);
        services.AddSingleton(catalog);
        var isHeld = settings.Demo || settings.Storage.IsRedis;
        services.AddSingleton(_ => clock is null ? TimeProvider.System : new SimulatedClock(clock.Start, clock.Speed, TimeProvider.System) { IsHeld = isHeld });
        services.AddSingleton(p => ServerNotice.Of(p.GetRequiredService<TimeProvider>(), settings.Demo));
        if (data is null)
            return services.AddMemoryStorage(Readiness.TellStore).AddSingleton(ReporterKey.Ephemeral()).AddSiloOfOne();
        return settings.Storage.IsRedis
            ? services.AddNode(settings, data)
            : services.AddSqliteStorage(data.Path, Readiness.TellStore).AddSingleton(ReporterKey.Open(data.Path)).AddSiloOfOne();
    }

    // A node of a cluster: all of them share counts, incidents and the reporter key.
    private static IServiceCollection AddNode(this IServiceCollection services, AllSettings settings, DataFolder data)
    {
        settings.Cluster.Check();
        services.AddRedisStorage(new RedisTroubleLog().Tell, data.Path);
        services.AddSingleton(ReporterKey.Open(settings.Cluster.Secrets ?? data.Path));
        if (settings.Demo)
            services.AddSingleton<SharedDemo>();
        return services.AddSingleton<SharedClock>().AddSiloOfCluster().AddSpool(data.Path);
    }

    private static void Check(AllSettings settings, Catalog catalog, DataFolder? data)
    {
        if (settings.Spool.Enabled && !settings.Storage.IsRedis)
            throw new SettingsException($"Spool:Enabled is true and Storage:Kind is '{settings.Storage.Kind}', which lies on this machine as the spool does. Allowed with a spool: redis.");
        if (data is not null && !settings.Storage.IsRedis && SpoolRegistration.LeftIn(data.Path) is { Reports: > 0 and var reports } left)
            throw new SettingsException($"Storage:Kind is '{settings.Storage.Kind}', but {left.File} holds {reports} accepted reports that wait for Redis. Allowed: redis, until outage_spool_waiting_reports is 0; another data folder (--data); or that file moved away, which gives them up.");
        settings.Watching.Check(catalog);
    }

    // A clock that is set by seconds, or by a minute, is an ordinary one.
    private static readonly TimeSpan s_clockStep = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Makes a demo's history, has the nodes of a cluster go by one simulated clock, and refuses a clock, the machine's own as well, that
    /// shows less than what is stored: reports would be counted in a past that has been judged already.
    /// </summary>
    /// <exception cref="SettingsException">The clock shows too little, or is not the cluster's.</exception>
    /// <exception cref="StoreUnavailableException">A simulated clock is to be had from a Redis that can't be used.</exception>
    public static async Task PrepareAsync(this IServiceProvider services, AllSettings settings, DataFolder? data)
    {
        if (settings.Demo)
        {
            await services.MakeHistoryAsync();
            return;
        }
        if (services.GetService<SharedClock>() is { } shared)
            await shared.GoAsync(CancellationToken.None);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (await services.LastObservedAsync(settings) is not { } newest || newest <= now + s_clockStep)
            return;
        throw new SettingsException(settings.Clock is { } clock
            ? $"Clock is {clock}, but {Place(settings, data)} holds data until {newest:yyyy-MM-ddTHH:mm:ssZ}. Allowed: a later clock, or another data folder."
            : $"Clock is not set and the machine's shows {now:yyyy-MM-ddTHH:mm:ssZ}, but {Place(settings, data)} holds data until {newest:yyyy-MM-ddTHH:mm:ssZ}, as a simulated clock that ran ahead leaves it. Allowed: another data folder (--data), a clock that starts later (--clock {newest.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}@1), or the machine's clock set right.");
    }

    /// <summary>Where counts and incidents are, in words.</summary>
    public static string Place(AllSettings settings, DataFolder? data) =>
        data is null ? "memory" : settings.Storage.IsRedis ? $"Redis and {data.Path}" : data.Path;

    // A database that can't be opened stops the start. A Redis that is down may be back in a minute: the watches try again, and until
    // then the server is there and says that it is not ready.
    private static async Task<DateTimeOffset?> LastObservedAsync(this IServiceProvider services, AllSettings settings)
    {
        try
        {
            return await services.GetRequiredService<ICountStore>().LastObservedAsync(CancellationToken.None);
        }
        catch (StoreUnavailableException) when (settings.Storage.IsRedis)
        {
            return null;
        }
    }
}
