using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.Web.Admission;

/// <summary>
/// Finds the caller behind our own proxies. Each proxy appends the address it saw to X-Forwarded-For, so the header is read from the
/// right and believed only as long as trusted proxies wrote it:
/// <code>
///   X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.2      peer 10.0.0.1, trusted 10.0.0.0/8
///                    written   ^ the caller  ^ a trusted
///                    by anyone                 proxy
/// </code>
/// A hop that is not an address makes the header worthless from there: the peer is the caller then, as without the header.
/// The framework's ForwardedHeaders middleware was rejected: it rewrites the connection and scheme for all that follows, and counts hops
/// where the question is who wrote them.
/// </summary>
public sealed class TrustedProxies(ProxySettings settings)
{
    // More proxies in a row than anybody has; bounds the work a header can cause.
    private const int MaxHops = 16;

    public Caller Find(HttpContext context)
    {
        // A Unix socket has no address: all that come through it are one caller, unless a header of a proxy tells them apart.
        var peer = Caller.Plain(context.Connection.RemoteIpAddress ?? IPAddress.Loopback);
        return IsTrusted(peer)
            ? new Caller(Origin(context.Request.Headers["X-Forwarded-For"], peer), PeerIsTrusted: true)
            : new Caller(peer, PeerIsTrusted: false);
    }

    private IPAddress Origin(StringValues header, IPAddress peer)
    {
        var caller = peer;
        var hops = 0;
        for (var line = header.Count - 1; line >= 0; line--)
        {
            ReadOnlySpan<char> rest = header[line];
            while (true)
            {
                var comma = rest.LastIndexOf(',');
                if (++hops > MaxHops || !TryParseHop(rest[(comma + 1)..].Trim(" \t"), out var hop))
                    return peer;
                caller = hop;
                if (!IsTrusted(hop))
                    return caller;
                if (comma < 0)
                    break;
                rest = rest[..comma];
            }
        }
        return caller;
    }

    private bool IsTrusted(IPAddress address)
    {
        foreach (var network in settings.Trusted)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }

    /// <summary>An address with or without a port: <c>203.0.113.7</c>, <c>203.0.113.7:5000</c>, <c>[2001:db8::7]:5000</c>.</summary>
    private static bool TryParseHop(ReadOnlySpan<char> text, out IPAddress address)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.Count(':') == 1 ? text.IndexOf(':') : text.Length;
        // A zone would be looked up among this machine's interfaces.
        var parsed = text.Length <= 64 && !text.Contains('%') && IPAddress.TryParse(text[..end], out var read) && IsPort(text[end..])
            && (read.AddressFamily == AddressFamily.InterNetworkV6 || IsPlain(read, text[..end])) ? read : null;
        address = parsed is null ? IPAddress.None : Caller.Plain(parsed);
        return parsed is not null;
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text.Length is >= 2 and <= 6 && text[0] == ':' && !text[1..].ContainsAnyExceptInRange('0', '9'));

    // Only as addresses are written: IPAddress.TryParse alone takes "1", "0x7f.1" and octal "010.0.0.1" for addresses, too.
    private static bool IsPlain(IPAddress v4, ReadOnlySpan<char> text)
    {
        Span<char> written = stackalloc char[16];
        return v4.TryFormat(written, out var length) && text.SequenceEqual(written[..length]);
    }
}
