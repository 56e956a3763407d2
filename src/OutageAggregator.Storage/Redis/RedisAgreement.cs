using OutageAggregator.Storage.Redis.Client;
using StackExchange.Redis;

namespace OutageAggregator.Storage.Redis;

/// <summary>What all processes over one Redis must have in common: the first one says it, the others hear it.</summary>
public sealed class RedisAgreement
{
    private readonly RedisLink _link;
    private readonly RedisKeys _keys;

    public RedisAgreement(RedisLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _link = link;
        _keys = new RedisKeys(link.Settings.Prefix);
    }

    /// <summary>Says it, unless somebody did before.</summary>
    /// <returns>What was said first.</returns>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<string> AgreeAsync(string name, string value, CancellationToken cancellation)
    {
        var key = _keys.Agreed(name);
        return await _link.AskAsync(d => d.StringSetAsync(key, value, null, When.NotExists), cancellation)
            ? value
            : (string?)await _link.AskAsync(d => d.StringGetAsync(key), cancellation) ?? value;
    }

    /// <summary>What was said first; null where nobody said anything.</summary>
    /// <exception cref="StoreUnavailableException">Redis can't be asked now.</exception>
    public async Task<string?> RecallAsync(string name, CancellationToken cancellation) =>
        (string?)await _link.AskAsync(d => d.StringGetAsync(_keys.Agreed(name)), cancellation);
}
