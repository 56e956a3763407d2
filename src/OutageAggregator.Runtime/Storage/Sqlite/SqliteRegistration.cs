using Microsoft.Extensions.DependencyInjection;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>Keeps counts and incidents in one SQLite file.</summary>
public static class SqliteRegistration
{
    /// <summary>Registers stores over <c>outages.db</c> in a folder, which is made where it is missing.</summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string folder) =>
        throw new InvalidOperationException("being built");
}
