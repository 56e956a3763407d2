using OutageAggregator.Core.Services;
using OutageAggregator.Runtime;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Runtime.Storage.Memory;
using OutageAggregator.Runtime.Storage.Sqlite;
using OutageAggregator.Server.Settings;

namespace OutageAggregator.Server;

/// <summary>What the settings choose between: the clock, the store, the notice of what is not real.</summary>
internal static class Composition
{
    public static IServiceCollection AddChosen(this IServiceCollection services, AllSettings settings, Catalog catalog, DataFolder data)
    {
        settings.AddTo(services);
        services.AddSingleton(catalog);
        services.AddSingleton(settings.Server.Clock is { } clock ? new SimulatedClock(clock.Start, clock.Speed, TimeProvider.System) : TimeProvider.System);
        services.AddSingleton(p => ServerNotice.Of(p.GetRequiredService<TimeProvider>(), settings.Server.Demo));
        return settings.Storage.Kind == "memory"
            ? services.AddMemoryStorage().AddSenders(folder: null)
            : services.AddSqliteStorage(data.Path).AddSenders(data.Path);
    }
}
