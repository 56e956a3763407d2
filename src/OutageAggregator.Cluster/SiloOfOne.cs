using System.Net;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Statistics;

namespace OutageAggregator.Cluster;

/// <summary>
/// A silo that is alone and listens on nothing: two servers on one machine can't meet. Orleans has no setting for it, and its own
/// <c>UseLocalhostClustering</c> opens two ports, which a second process would share without an error. So its listeners and its way to
/// connect are replaced.
/// </summary>
internal sealed class SiloOfOne : ISiloPlace
{
    // Nobody is lost from a silo of one: a call takes as long as its store.
    public TimeSpan CallTimeout { get; } = TimeSpan.FromMinutes(1);

    // A region that takes long waits for the disk that all others wait for, too.
    public TimeSpan RegionPatience => CallTimeout;

    public string? Joined => null;

    public TimeSpan SpacingOf(bool hasOthers) => TimeSpan.Zero;

    public void Configure(ISiloBuilder silo)
    {
        // The port is a name only: nothing listens there.
        silo.UseLocalhostClustering(siloPort: 1, gatewayPort: 0)
            .Configure<EndpointOptions>(options => (options.AdvertisedIPAddress, options.GatewayPort) = (IPAddress.Loopback, 0))
            // Where the load is published to others and weighed is where a silo at rest spends its time.
            .Configure<DeploymentLoadPublisherOptions>(options => options.DeploymentLoadPublisherRefreshTime = TimeSpan.Zero)
            .ConfigureServices(services =>
            {
                services.AddSingleton<IEnvironmentStatisticsProvider, NoStatistics>();
                Replace<IConnectionListenerFactory>(services, new ListensOnNothing());
                Replace<IConnectionFactory>(services, new ConnectsToNobody());
            });
    }

    public Task<string?> WhyNotAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task<bool> IsForgottenAsync(CancellationToken cancellation) => Task.FromResult(false);

    // Each is registered under a key of Orleans' own.
    private static void Replace<T>(IServiceCollection services, T instance) where T : class
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: true } known && known.ServiceType == typeof(T))
                services[i] = ServiceDescriptor.KeyedSingleton(known.ServiceKey, instance);
        }
    }

    private sealed class ListensOnNothing : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(new Listener(endpoint));

        private sealed class Listener(EndPoint endpoint) : IConnectionListener
        {
            private readonly TaskCompletionSource<ConnectionContext?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public EndPoint EndPoint => endpoint;

            public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
                await _ended.Task.WaitAsync(cancellationToken);

            public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
            {
                _ = _ended.TrySetResult(null);
                return ValueTask.CompletedTask;
            }

            public ValueTask DisposeAsync() => UnbindAsync(CancellationToken.None);
        }
    }

    private sealed class ConnectsToNobody : IConnectionFactory
    {
        public ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException($"A silo of one was to connect to {endpoint}.");
    }

    private sealed class NoStatistics : IEnvironmentStatisticsProvider
    {
        public EnvironmentStatistics GetEnvironmentStatistics() => default;
    }
}
