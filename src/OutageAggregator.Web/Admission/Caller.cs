using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.Web.Admission;

/// <summary>Who sent a request, for as long as it is handled and no longer: the address is neither stored nor logged.</summary>
/// <param name="Address">IPv4 (also where it came mapped into IPv6) or IPv6.</param>
public sealed record Caller(IPAddress Address, bool PeerIsTrusted)
{
    /// <summary>What limits count: the address for IPv4, the /64 for IPv6, as a home gets a whole /64.</summary>
    // IPv4 lies in the low 32 bits, IPv6 prefixes in the high 64 with a bit below that tells 0::/64 from IPv4's zeros.
    public UInt128 Number => IsV4 ? Prefix : new UInt128(Prefix, 1UL << 63);

    /// <summary>
    /// What a second, larger limit counts: for IPv6 the /48, the smallest network that can be rented for little money; null for IPv4, where
    /// an address is the smallest thing that has a price.
    /// </summary>
    // A lower bit of its own keeps a /48 apart from its own first /64.
    public UInt128? Network => IsV4 ? null : new UInt128(Prefix & ~0xFFFFUL, 1UL << 62);

    private bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;

    private ulong Prefix
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            _ = Address.TryWriteBytes(bytes, out var length);
            return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }
    }

    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The entrance did not run.");

    /// <summary>The plain form of an address: IPv4 where it is mapped into IPv6.</summary>
    internal static IPAddress Plain(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
