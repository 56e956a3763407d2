using StackExchange.Redis;

namespace OutageAggregator.Storage.Redis.Client;

/// <summary>What <see cref="RedisSettings.Connection"/> says, as the client reads it; for our own connection, and for another one to the same Redis.</summary>
public static class RedisConnection
{
    /// <summary>Namespace of what the client throws: these exceptions stand behind a <see cref="StoreUnavailableException"/>.</summary>
    public const string ClientNamespace = nameof(StackExchange);

    /// <summary>The settings of a connection: it is tried for ever, a little at a time.</summary>
    /// <param name="settings">Where Redis is.</param>
    /// <param name="clientName">What the connection is called in Redis' list of clients.</param>
    /// <exception cref="StoreUnavailableException">The connection is no such text.</exception>
    public static ConfigurationOptions OptionsOf(RedisSettings settings, string clientName)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(settings.Connection);
        }
        catch (ArgumentException e)
        {
            // The text itself may hold a password.
            throw new StoreUnavailableException("Redis:Connection can't be read. Allowed: HOST:PORT, more of them separated by commas, then options such as password=… or ssl=true.", e);
        }
        if (options.EndPoints.Count == 0)
            throw new StoreUnavailableException("Redis:Connection names no server. Allowed: HOST:PORT, more of them separated by commas, then options such as password=… or ssl=true.");
        // Tried again for ever, a little at a time: whoever waits for the first connection waits for one try.
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, 1_000);
        options.ConnectRetry = 1;
        // The client's own pauses grow to ten seconds while Redis is away, and everybody would wait for the last of them.
        options.ReconnectRetryPolicy = new LinearRetry(500);
        // There is one master, or a cluster that knows its own. Asking which of several is the one is one more question that can get lost (RedisClient).
        options.TieBreaker = "";
        options.ClientName = clientName;
        return options;
    }
}
