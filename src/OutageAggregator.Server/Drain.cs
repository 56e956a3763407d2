using System.Diagnostics;

namespace OutageAggregator.Server;

/// <summary>
/// Says that a node leaves its cluster before it does. Everything still runs meanwhile; afterwards the server takes no more connections and
/// finishes the requests it has, the intake stores what it took in, and only then the silo hands its grains over.
/// </summary>
/// <remarks>
/// A balancer notices in the time it was set to, or later where it is busy. So the node does not go by the clock alone: it goes on
/// answering for as long as requests come, within what those who stop it leave it.
/// </remarks>
internal sealed class Drain(Readiness readiness, ClusterSettings settings) : IHostedLifecycleService
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private long _lastRequest;

    /// <summary>How long a node goes on answering at most once it leaves.</summary>
    public static TimeSpan LongestOf(ClusterSettings settings) => settings.DrainSeconds == 0 ? TimeSpan.Zero : s_longest;

    /// <summary>Whether a node may stop that has said for so long that it leaves, and has had no request for so long.</summary>
    public static bool IsOver(ClusterSettings settings, TimeSpan leaving, TimeSpan quiet) =>
        leaving >= LongestOf(settings) || (leaving >= TimeSpan.FromSeconds(settings.DrainSeconds) && quiet >= s_quiet);

    /// <summary>Whether a request keeps a leaving node alive: probes don't, as they go on for as long as it is there.</summary>
    public static bool IsKeptBy(PathString path) =>
        path != "/readyz" && path != "/healthz" && path != "/metrics" && !path.StartsWithSegments(Dashboard.Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>Notes that a request came.</summary>
    public void Note(HttpRequest request)
    {
        if (IsKeptBy(request.Path))
            Volatile.Write(ref _lastRequest, Stopwatch.GetTimestamp());
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Missing(ReadyPart.Node, "this node is leaving the cluster");
        var since = Stopwatch.GetTimestamp();
        // Where whoever stops the node has no more time it goes on at once: a wait that was cancelled is no failure of the stop.
        while (!cancellationToken.IsCancellationRequested && !IsOver(settings, Stopwatch.GetElapsedTime(since), Stopwatch.GetElapsedTime(Volatile.Read(ref _lastRequest))))
            await Task.Delay(s_look, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Has a node of a cluster leave without a request that fails; a server that is alone stops at once.</summary>
internal static class DrainRegistration
{
    // After the longest drain, for what is under way. With it and with a second for what is disposed of last it is nine of the ten seconds
    // after which a node is killed.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    /// <summary>To be added last: it is the first to hear that the node is to stop.</summary>
    public static IServiceCollection AddDrain(this IServiceCollection services, AllSettings settings)
    {
        if (!settings.Storage.IsRedis)
            return services;
        services.Configure<HostOptions>(options => options.ShutdownTimeout = Drain.LongestOf(settings.Cluster) + s_farewell);
        services.AddSingleton<Drain>();
        return services.AddHostedService(p => p.GetRequiredService<Drain>());
    }

    /// <summary>Lets a node that leaves see what still comes. To be used before all that answers.</summary>
    public static IApplicationBuilder UseDrain(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<Drain>() is not { } drain)
            return app;
        return app.Use((context, next) =>
        {
            drain.Note(context.Request);
            return next(context);
        });
    }
}
