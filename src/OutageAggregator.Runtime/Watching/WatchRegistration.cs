using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OutageAggregator.Runtime.Spooling;
using OutageAggregator.Storage;

namespace OutageAggregator.Runtime.Watching;

/// <summary>Registers what hosts of watches are made of. They need a catalog, the stores and a clock.</summary>
public static class WatchRegistration
{
    public static IServiceCollection AddWatchParts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WatchSettings>();
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<WatchLoader>();
        services.TryAddSingleton<WatchRunner>();
        services.TryAddSingleton(p => new MinuteObserver(p.GetRequiredService<ICountStore>(), p.GetRequiredService<TimeProvider>(), p.GetService<Spool>()));
        services.TryAddSingleton<HostParts>();
        services.TryAddSingleton(Candidate);
        services.TryAddSingleton(p => new DueServices(
            p.GetRequiredService<ICountStore>(), p.GetRequiredService<IIncidentLog>(), p.GetRequiredService<CandidateChoice>().Run, p.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static CandidateChoice Candidate(IServiceProvider services)
    {
        var (shadow, parts) = (services.GetRequiredService<IShadowLog>(), services.GetRequiredService<HostParts>());
        var run = parts.Settings.Shadow.Length == 0 ? null : new CandidateRun(
            parts, services.GetRequiredService<IIncidentLog>(), shadow, services.GetRequiredService<Catalog>(), services.GetRequiredService<ILogger<CandidateRun>>());
        return new CandidateChoice(run, shadow, parts.Clock);
    }
}
