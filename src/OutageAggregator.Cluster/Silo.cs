using Orleans.Configuration;
using Orleans.Serialization;
using OutageAggregator.Storage.Redis.Client;

namespace OutageAggregator.Cluster;

/// <summary>
/// This node's silo: a host of its own inside the server's, so that Orleans keeps to the machine's clock whatever the product's clock
/// shows, and stops after everything that calls grains.
/// </summary>
internal sealed partial class Silo(
    ISiloPlace place, ClusterSettings settings, HostParts parts, CandidateRun candidate, DueServices due, HostedServices hosted,
    ILoggerFactory logs)
    : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    // Grains are handed over in a fraction of it; where Redis hangs nothing is to be had by waiting longer.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(4);

    private readonly ILogger _logger = logs.CreateLogger<Silo>();
    private readonly CancellationTokenSource _leaving = new();
    private IHost? _host;

    // Orleans holds its listeners by weak references.
    private OtherNodes? _others;

    /// <summary>Completes when this node is one of the cluster.</summary>
    public Task Joined { get; private set; } = Task.CompletedTask;

    /// <summary>The grains of the cluster.</summary>
    /// <exception cref="StoreUnavailableException">This node is none of the cluster yet, or no more.</exception>
    public WatchGrains Grains => Services.GetRequiredService<WatchGrains>();

    /// <summary>What runs in the silo.</summary>
    /// <exception cref="StoreUnavailableException">This node is none of the cluster yet, or no more.</exception>
    public IServiceProvider Services => Volatile.Read(ref _host)?.Services
        ?? throw new StoreUnavailableException(IsOfOne ? "The watches have not started." : "This node has not joined the cluster.");

    /// <summary>How much time should lie between two batches of one service and region.</summary>
    public TimeSpan Spacing => place.SpacingOf(Volatile.Read(ref _others) is { Any: true });

    private bool IsOfOne => place.Joined is null;

    /// <summary>Joins in the background: the server is there meanwhile and says that it is not ready.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Not on the thread that starts the server, which opens its address meanwhile.
        Joined = Task.Run(() => JoinAsync(_leaving.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        // It may be waiting for a Redis that hangs.
        await Joined.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_host is not { } host)
            return;
        try
        {
            using var farewell = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            farewell.CancelAfter(s_farewell);
            await host.StopAsync(farewell.Token).WaitAsync(farewell.Token);
        }
        catch (OperationCanceledException)
        {
            // Orleans waits for its table of members, also where Redis hangs or has lost it.
            NoFarewell();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is IAsyncDisposable host)
            await host.DisposeAsync().AsTask().WaitAsync(s_pause, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leaving.Dispose();
    }

    // A host that could not start can't be started again, so each attempt has one of its own.
    private async Task JoinAsync(CancellationToken leaving)
    {
        for (string? told = null; !leaving.IsCancellationRequested;)
        {
            IHost? host = null;
            string reason;
            try
            {
                if (await place.WhyNotAsync(leaving) is not { } refusal)
                {
                    host = Build();
                    await host.StartAsync(leaving);
                    var others = new OtherNodes(host.Services.GetRequiredService<ISiloStatusOracle>(), logs.CreateLogger<OtherNodes>());
                    others.Begin();
                    Volatile.Write(ref _others, others);
                    Volatile.Write(ref _host, host);
                    if (place.Joined is { } joined)
                        HasJoined(joined);
                    return;
                }
                reason = refusal;
            }
            catch (Exception e) when (!leaving.IsCancellationRequested)
            {
                reason = e.GetBaseException().Message;
            }
            finally
            {
                if (host is not null && _host is null)
                    await EndAsync(host);
            }
            // Once, and not every second for as long as it lasts.
            if (told != reason)
                NotJoined(IsOfOne ? "The watches can't be started" : "This node can't join the cluster", reason);
            told = reason;
            await Task.Delay(s_pause, leaving);
        }
    }

    private async Task EndAsync(IHost host)
    {
        try
        {
            await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(s_pause, CancellationToken.None);
        }
        catch (Exception e)
        {
            NotEnded(e);
        }
    }

    private IHost Build()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = place.CallTimeout)
                // A store that can't be used is told to the caller on another node as what it is, with the client's own words.
                .Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith([nameof(OutageAggregator), RedisConnection.ClientNamespace]))
                .Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(15))
                // As many as may be asked for often. Orleans' own million costs 18 MB.
                .Configure<GrainDirectoryOptions>(options => options.CacheSize = 1_000);
            place.Configure(silo);
            if (settings.Dashboard)
                Dashboard.AddTo(silo);
            else
                Dashboard.LeaveOut(silo);
        });
        // Led by the server, and not by signals, too.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, Led>());
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        builder.Services.AddSingleton(parts).AddSingleton(candidate).AddSingleton(due).AddSingleton(hosted);
        builder.Services.AddSingleton(new RegionPatience(place.RegionPatience)).AddSingleton<WatchGrains>();
        return builder.Build();
    }

    /// <summary>Starts and stops when it is told to.</summary>
    private sealed class Led : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble}, trying again every second: {Reason}")]
    private partial void NotJoined(string trouble, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node could not tell the others that it leaves: they notice it in a few seconds. Every report that was answered is stored")]
    private partial void NoFarewell();

    [LoggerMessage(Level = LogLevel.Debug, Message = "What was left of an attempt to join could not be ended")]
    private partial void NotEnded(Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Joined}")]
    private partial void HasJoined(string joined);
}
