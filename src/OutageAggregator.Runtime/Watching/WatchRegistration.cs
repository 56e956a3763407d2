using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OutageAggregator.Core.Detection.NegativeBinomial;
using OutageAggregator.Core.Services;
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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CandidateEnd>());
        return services;
    }

    private static CandidateChoice Candidate(IServiceProvider services)
    {
        if (services.GetRequiredService<WatchSettings>().Shadow.Length == 0)
            return new CandidateChoice(null);
        return new CandidateChoice(new CandidateRun(
            services.GetRequiredService<HostParts>(),
            services.GetRequiredService<IIncidentLog>(),
            services.GetRequiredService<IShadowLog>(),
            services.GetRequiredService<Catalog>(),
            services.GetRequiredService<ILogger<CandidateRun>>()));
    }
}

/// <summary>Whether a candidate detector runs.</summary>
/// <param name="Run">Its run, or null.</param>
public sealed record CandidateChoice(CandidateRun? Run);
