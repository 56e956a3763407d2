using System.Globalization;
using OutageAggregator.Cluster;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Server.Demo;
using OutageAggregator.Server.Settings;
using OutageAggregator.Storage;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Redis;
using OutageAggregator.Storage.Sqlite;

namespace OutageAggregator.Server;

/// <summary>What the settings choose between: the clock, the store, the notice of what is not real.</summary>
internal static class Composition
{
    /// <exception cref="SettingsException">The choices don't go together.</exception>
    public static async Task<IServiceCollection> AddChosenAsync(this IServiceCollection services, AllSettings settings, Catalog catalog, DataFolder? data)
    {
        Check(settings, catalog, data);
        var clock = settings.Server.Clock;
        if (settings.Server.Demo)
        {
            var recorded = await DemoComposition.ReadEventAsync();
            clock = DemoComposition.ClockOf(recorded, catalog, clock);
            services.AddDemo(recorded, clock);
        }
        settings.AddTo(services);
        services.AddSingleton(catalog);
        services.AddSingleton(_ => clock is null ? TimeProvider.System : new SimulatedClock(clock.Start, clock.Speed, TimeProvider.System) { IsHeld = settings.Server.Demo });
        services.AddSingleton(p => ServerNotice.Of(p.GetRequiredService<TimeProvider>(), settings.Server.Demo));
        if (data is null)
            return services.AddMemoryStorage(Readiness.TellStore).AddSingleton(ReporterKey.Ephemeral()).AddSiloOfOne();
        return settings.Storage.IsRedis
            ? services.AddNode(settings, data)
            : services.AddSqliteStorage(data.Path, Readiness.TellStore).AddSingleton(ReporterKey.Open(data.Path)).AddSiloOfOne();
    }

    // A node of a cluster: all of them share counts, incidents and the reporter key.
    private static IServiceCollection AddNode(this IServiceCollection services, AllSettings settings, DataFolder data)
    {
        settings.Intake.SpacingMilliseconds ??= NodeSpacingMilliseconds;
        services.AddRedisStorage(RedisTroubleLog.Tell, data.Path);
        services.AddSingleton(ReporterKey.Open(settings.Cluster.Secrets ?? data.Path));
        return services.AddSiloOfCluster().AddSpool(data.Path);
    }

    private static void Check(AllSettings settings, Catalog catalog, DataFolder? data)
    {
        if (settings.Server.Demo && settings.Storage.IsRedis)
            throw new SettingsException("Demo is true and Storage:Kind is 'redis', which others may share. Allowed for a demo: sqlite, memory.");
        if (settings.Spool.Enabled && !settings.Storage.IsRedis)
            throw new SettingsException($"Spool:Enabled is true and Storage:Kind is '{settings.Storage.Kind}', which lies on this machine as the spool does. Allowed with a spool: redis.");
        if (data is not null && !settings.Storage.IsRedis && SpoolRegistration.LeftIn(data.Path) is { Reports: > 0 and var reports } left)
            throw new SettingsException(string.Create(
                CultureInfo.InvariantCulture,
                $"Storage:Kind is '{settings.Storage.Kind}', but {left.File} holds {reports} accepted reports that wait for Redis. Allowed: redis, until outage_spool_waiting_reports is 0; another data folder (--data); or that file moved away, which gives them up."));
        settings.Watching.Check(catalog);
    }

    // Bounds the calls that the grain of a hot service gets from each node.
    private const int NodeSpacingMilliseconds = 10;

    // A clock that is set by seconds, or by a minute, is an ordinary one.
    private static readonly TimeSpan s_clockStep = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Makes a demo's history, and refuses a clock that starts before what the folder holds, the machine's own as well as a simulated one:
    /// reports would be counted in a past that has been judged already.
    /// </summary>
    /// <exception cref="SettingsException">The clock starts too early.</exception>
    public static async Task PrepareAsync(this IServiceProvider services, AllSettings settings, DataFolder? data)
    {
        await services.MakeHistoryAsync();
        var clock = settings.Server.Clock;
        var start = clock?.Start ?? services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (await services.LastObservedAsync(settings) is not { } newest || newest <= start + s_clockStep)
            return;
        throw new SettingsException(clock is null
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Clock is not set and the machine's shows {start:yyyy-MM-ddTHH:mm:ssZ}, but {Place(settings, data)} holds data until {newest:yyyy-MM-ddTHH:mm:ssZ}, as a simulated clock that ran ahead leaves it. Allowed: another data folder (--data), a clock that starts later (--clock {newest.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}@1), or the machine's clock set right.")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Clock is {clock}, but {Place(settings, data)} holds data until {newest:yyyy-MM-ddTHH:mm:ssZ}. Allowed: a later clock, or another data folder."));
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
