using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.Web.Admission;

/// <summary>
/// Who sent a request, for as long as it is handled and no longer: the address is neither stored nor logged.
/// Middleware puts it into the request's features.
/// </summary>
/// <param name="Address">IPv4 (also where it came mapped into IPv6) or IPv6.</param>
/// <param name="PeerIsTrusted">Whether the connection comes from one of our own proxies, whose headers are believed.</param>
public sealed record Caller(IPAddress Address, bool PeerIsTrusted)
{
    /// <summary>
    /// The unit that limits count: the address for IPv4, the /64 for IPv6, because a home gets a whole /64 and may use a new
    /// address for every request.
    /// </summary>
    public UInt128 Number
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            _ = Address.TryWriteBytes(bytes, out var length);
            // IPv4 lies in the low 32 bits, IPv6 prefixes in the high 64 with a bit below that tells 0::/64 from IPv4's zeros.
            return length == 4
                ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
                : new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), 1UL << 63);
        }
    }

    /// <summary>
    /// The network that a second, larger limit counts: for IPv6 the /48, the smallest that is routed by itself and can be rented for
    /// little money with 65,536 times /64 in it; null for IPv4, where an address is the smallest thing that has a price.
    /// </summary>
    public UInt128? Network
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            _ = Address.TryWriteBytes(bytes, out var length);
            // A lower bit of its own keeps a /48 apart from its own first /64.
            return length == 4 ? null : new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes) & ~0xFFFFUL, 1UL << 62);
        }
    }

    /// <summary>The caller that the middleware found.</summary>
    public static Caller Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>() ?? throw new InvalidOperationException("The admission middleware did not run.");
    }

    /// <summary>The plain form of an address: IPv4 where it is mapped into IPv6.</summary>
    internal static IPAddress Plain(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
