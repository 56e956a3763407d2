using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>Keeps counts, incidents and reviews in one SQLite file.</summary>
public static class SqliteRegistration
{
    /// <summary>
    /// Registers stores over <c>outages.db</c> in a folder, which is made where it is missing. They open when the host starts, and the start
    /// fails with a <see cref="StoreUnavailableException"/> of one line where they can't. <see cref="StorageSettings"/> is used where it is registered.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string folder)
    {
        services.TryAddSingleton<StorageSettings>();
        services.TryAddSingleton<Readiness>();
        services.AddSingleton(p =>
        {
            var readiness = p.GetRequiredService<Readiness>();
            return SqliteStorage.Open(folder, p.GetRequiredService<StorageSettings>(), trouble => StorageStart.Tell(readiness, trouble));
        });
        services.AddSingleton<ICountStore, SqliteCountStore>();
        services.AddSingleton<IReviewLog, SqliteReviewLog>();
        services.AddSingleton<IIncidentLog, SqliteIncidentLog>(p => new SqliteIncidentLog(p.GetRequiredService<SqliteStorage>()));
        services.AddSingleton<IShadowLog, SqliteShadowLog>();
        services.AddHostedService<StorageStart>();
        return services;
    }
}
