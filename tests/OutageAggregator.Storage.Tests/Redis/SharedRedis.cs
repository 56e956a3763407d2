using OutageAggregator.Storage.Redis.Client;
using OutageAggregator.TestKit.Redis;

[assembly: AssemblyFixture(typeof(OutageAggregator.Storage.Tests.Redis.SharedRedis))]

namespace OutageAggregator.Storage.Tests.Redis;

/// <summary>One server for all tests that break nothing: each has keys of its own there.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    private static int s_tests;
    private RedisServer? _server;

    public async ValueTask InitializeAsync()
    {
        // Where there is none, each test says so itself.
        if (RedisServer.IsThere)
            _server = await RedisServer.StartAsync();
    }

    public RedisServer Server
    {
        get
        {
            RedisServer.SkipWhereMissing();
            return _server!;
        }
    }

    /// <summary>Settings of an empty installation, patient enough for a busy machine.</summary>
    public RedisSettings Settings() => new()
    {
        Connection = RedisServer.Patient(Server.Address),
        Prefix = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref s_tests)}"),
        HungMilliseconds = 60_000,
    };

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
