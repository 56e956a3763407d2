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

    /// <summary>Takes a place; false where the caller holds as many as it may. <see cref="Leave"/> gives it back.</summary>
    internal bool TryEnter(Caller caller)
    {
        if (IPAddress.IsLoopback(caller.Address))
            return true;
        var most = limits.StreamsPerAddress;
        lock (_lock)
        {
            if (most > 0 && (_open.GetValueOrDefault(caller.Number) >= most
                || (caller.Network is { } full && _open.GetValueOrDefault(full) >= most * LimitSettings.StreamNetworkFactor)))
            {
                return false;
            }
            CollectionsMarshal.GetValueRefOrAddDefault(_open, caller.Number, out _)++;
            if (caller.Network is { } network)
                CollectionsMarshal.GetValueRefOrAddDefault(_open, network, out _)++;
            return true;
        }
    }

    internal void Leave(Caller caller)
    {
        if (IPAddress.IsLoopback(caller.Address))
            return;
        lock (_lock)
        {
            Drop(caller.Number);
            if (caller.Network is { } network)
                Drop(network);
        }
    }

    private void Drop(UInt128 key)
    {
        if (--CollectionsMarshal.GetValueRefOrNullRef(_open, key) == 0)
            _ = _open.Remove(key);
    }
}
