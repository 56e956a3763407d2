namespace OutageAggregator.Runtime.Intake;

/// <summary>Takes reports in.</summary>
public static class IntakeRegistration
{
    /// <summary>
    /// Registers <see cref="ReportIntake"/>, which finishes accepted reports when the host stops. Needs an
    /// <see cref="IWatches"/>; <see cref="IntakeSettings"/> and <see cref="TimeProvider"/> are used where they are registered.
    /// </summary>
    public static IServiceCollection AddReportIntake(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IntakeSettings>();
        services.TryAddSingleton<ReportTally>();
        services.AddSingleton<ReportIntake>();
        services.AddHostedService(p => p.GetRequiredService<ReportIntake>());
        return services;
    }
}
