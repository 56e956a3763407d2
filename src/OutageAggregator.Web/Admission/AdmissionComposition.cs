using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OutageAggregator.Web.Admission;

public static class AdmissionComposition
{
    // Room for the largest body that is taken, a batch of 256 KiB: up to this, one that is too large is read to its end, so that its
    // sender sees the 413 and not a broken connection. What each address takes, it checks itself.
    private const int MaxBodyBytes = 1024 * 1024;

    internal static void AddAdmission(this IServiceCollection services)
    {
        services.TryAddSingleton<ProxySettings>();
        services.TryAddSingleton<LimitSettings>();
        services.TryAddSingleton<SiteSettings>();
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton(provider => new ProxySigns(provider.GetRequiredService<ILogger<ProxySigns>>()));
        services.TryAddSingleton(_ => new RateTable());
        services.AddOptions<KestrelServerOptions>().Configure<LimitSettings>(LimitConnections);
    }

    private static void LimitConnections(KestrelServerOptions kestrel, LimitSettings limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
    }
}
