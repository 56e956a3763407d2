namespace OutageAggregator.Storage.Sqlite;

/// <summary>Keeps counts, incidents and reviews in one SQLite file.</summary>
public static class SqliteRegistration
{
    /// <summary>
    /// Registers stores over <c>outages.db</c> in a folder, which is made where it is missing. They open when the host starts, and the
    /// start fails with a <see cref="StoreUnavailableException"/> of one line where they can't. <see cref="StorageSettings"/> is used
    /// where it is registered.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="tell">Told in a sentence why writes fail when they begin to, and null when they succeed again.</param>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string folder, Action<IServiceProvider, string?> tell)
    {
        services.TryAddSingleton<StorageSettings>();
        services.AddSingleton(p => SqliteStorage.Open(folder, p.GetRequiredService<StorageSettings>(), trouble => tell(p, trouble)));
        services.AddSingleton<ICountStore, SqliteCountStore>();
        services.AddSingleton<ICursorStore, SqliteCursorStore>();
        services.AddSingleton<IReviewLog, SqliteReviewLog>();
        services.AddSingleton<IProposalStore, SqliteProposalStore>();
        services.AddSingleton<IRepeatedBatches, SqliteRepeatedBatches>();
        services.AddSingleton<IIncidentLog, SqliteIncidentLog>();
        services.AddSingleton<IShadowLog, SqliteShadowLog>();
        services.AddHostedService(p => new StorageStart(p, tell));
        return services;
    }
}
