using System.Globalization;
using OutageAggregator.Storage.Redis.Client;
using StackExchange.Redis;

namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>Repeatable batches in Redis: a string each, <c>first seen in ms, body in hexadecimal</c>, which the first to see it writes and nobody changes.</summary>
public sealed class RedisRepeatedBatches : IRepeatedBatches
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(1);

    private readonly RedisLink _link;
    private readonly RedisKeys _keys;

    public RedisRepeatedBatches(RedisLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _link = link;
        _keys = new RedisKeys(link.Settings.Prefix);
    }

    /// <summary>Keeps what was noted elsewhere, to the tick: the ids of a batch's parts are made of its instant.</summary>
    /// <exception cref="StoreUnavailableException">It could not be noted.</exception>
    public Task KeepAsync(UInt128 id, UInt128 body, DateTimeOffset seenAt, CancellationToken cancellation) => _link.AskAtOnceAsync(
        d => d.StringSetAsync(_keys.Repeated(id), string.Create(CultureInfo.InvariantCulture, $"{seenAt.UtcTicks} {body:x32}"), s_lifetime, When.NotExists), cancellation);

    public async Task<BatchMemory> BeginAsync(UInt128 id, UInt128 body, DateTimeOffset now, CancellationToken cancellation)
    {
        var key = _keys.Repeated(id);
        var seenAt = now.ToUnixTimeMilliseconds();
        var note = string.Create(CultureInfo.InvariantCulture, $"{seenAt} {body:x32}");
        while (true)
        {
            if (await _link.AskAsync(d => d.StringSetAsync(key, note, s_lifetime, When.NotExists), cancellation))
                return new BatchMemory(DateTimeOffset.FromUnixTimeMilliseconds(seenAt), IsSameBody: true);
            // Its day may end between the two calls.
            if ((string?)await _link.AskAsync(d => d.StringGetAsync(key), cancellation) is { } known)
            {
                var space = known.IndexOf(' ', StringComparison.Ordinal);
                return new BatchMemory(
                    InstantOf(long.Parse(known.AsSpan(0, space), CultureInfo.InvariantCulture)),
                    known.AsSpan(space + 1).SequenceEqual(note.AsSpan(note.IndexOf(' ', StringComparison.Ordinal) + 1)));
            }
        }
    }

    // Milliseconds since 1970, or the ticks of what was kept: the former reach them in the year 33,658.
    private static DateTimeOffset InstantOf(long number) =>
        number < 1_000_000_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(number) : new DateTimeOffset(number, TimeSpan.Zero);
}
