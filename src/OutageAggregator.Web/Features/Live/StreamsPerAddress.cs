using System.Net;
using System.Runtime.InteropServices;

namespace OutageAggregator.Web.Features.Live;

/// <summary>
/// Counts the streams that each address and IPv6 /48 holds open, so that none takes every place. Bounded by the streams there are.
/// This machine's own address is not counted: it is a local check, or a local proxy that was not named in Proxies:Trusted and stands for
/// everybody.
/// </summary>
internal sealed class StreamsPerAddress(LimitSettings limits)
{
    private readonly Dictionary<UInt128, int> _open = [];
    private readonly Lock _lock = new();

    /// <summary>A place, to be disposed of; null where the caller holds as many as it may.</summary>
    internal IDisposable? Enter(Caller caller)
    {
        var most = limits.StreamsPerAddress;
        (UInt128 Key, int Most)[] counted = IPAddress.IsLoopback(caller.Address) ? []
            : caller.Network is { } network ? [(caller.Number, most), (network, most * LimitSettings.StreamNetworkFactor)]
            : [(caller.Number, most)];
        lock (_lock)
        {
            if (most > 0 && counted.Any(c => _open.GetValueOrDefault(c.Key) >= c.Most))
                return null;
            foreach (var (key, _) in counted)
                CollectionsMarshal.GetValueRefOrAddDefault(_open, key, out _)++;
        }
        return new Place(this, [.. counted.Select(c => c.Key)]);
    }

    private sealed class Place(StreamsPerAddress streams, UInt128[] keys) : IDisposable
    {
        public void Dispose()
        {
            lock (streams._lock)
            {
                foreach (var key in keys)
                {
                    if (--CollectionsMarshal.GetValueRefOrNullRef(streams._open, key) == 0)
                        _ = streams._open.Remove(key);
                }
            }
        }
    }
}
