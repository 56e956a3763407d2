using System.Globalization;
using OutageAggregator.Core.Services;
using OutageAggregator.Core.Windows;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Settings;
using OutageAggregator.Runtime.Storage.Memory;
using OutageAggregator.Runtime.Storage.Sqlite;
using OutageAggregator.Server.Demo;
using OutageAggregator.Server.Settings;

namespace OutageAggregator.Server;

/// <summary>What the settings choose between: the clock, the store, the notice of what is not real.</summary>
internal static class Composition
{
    /// <exception cref="SettingsException">The choices don't go together.</exception>
    public static async Task<IServiceCollection> AddChosenAsync(this IServiceCollection services, AllSettings settings, Catalog catalog, DataFolder? data)
    {
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
        return data is null
            ? services.AddMemoryStorage().AddSenders(folder: null)
            : services.AddSqliteStorage(data.Path).AddSenders(data.Path);
    }

    /// <summary>
    /// Makes a demo's history, and refuses a simulated clock that starts before what the folder holds: reports would be counted in a past
    /// that has been judged already.
    /// </summary>
    /// <exception cref="SettingsException">The clock starts too early.</exception>
    public static async Task PrepareAsync(this IServiceProvider services, AllSettings settings, DataFolder? data)
    {
        await services.MakeHistoryAsync();
        if (settings.Server.Clock is { } clock && await services.GetRequiredService<ICountStore>().LastObservedAsync(CancellationToken.None) is { } newest
            && newest > clock.Start + TimeSpan.FromMinutes(1))
        {
            throw new SettingsException(string.Create(
                CultureInfo.InvariantCulture,
                $"Clock is {clock}, but {data?.Path} holds data until {newest:yyyy-MM-ddTHH:mm:ssZ}. Allowed: a later clock, or another data folder."));
        }
    }
}
