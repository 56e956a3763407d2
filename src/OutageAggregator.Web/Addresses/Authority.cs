using System.Net;
using System.Net.Sockets;

namespace OutageAggregator.Web.Addresses;

/// <summary>
/// A host and a port as <c>Host</c>, <c>X-Forwarded-Host</c> and <c>Origin</c> write them, made comparable: lower case, IPv6 in its one
/// form, and no port where it is 80 or 443. Those two are one, as a proxy that ends TLS and writes the port out writes its own.
/// </summary>
public readonly record struct Authority(string Host, int? Port)
{
    private const int MaxLength = 300;

    /// <summary>True for <c>0.0.0.0</c> and <c>[::]</c>: there one listens, and nobody is reached.</summary>
    internal bool IsAnyAddress => Host is "0.0.0.0" or "[::]";

    /// <param name="text"><c>example.org</c>, <c>EXAMPLE.org:8080</c>, <c>192.0.2.1:80</c> or <c>[2001:DB8::1]:8080</c>.</param>
    internal static bool TryParse(ReadOnlySpan<char> text, out Authority authority)
    {
        authority = default;
        if (text.Length is 0 or > MaxLength)
            return false;
        var end = text[0] == '[' ? text.IndexOf(']') + 1 : text.IndexOf(':') is >= 0 and var colon ? colon : text.Length;
        ushort port = 80;
        if (end < text.Length && (text[end] != ':'
            || !ushort.TryParse(text[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)))
            return false;
        if (port == 0 || !TryReadHost(text[..end], out var host))
            return false;
        authority = new Authority(host, port is 80 or 443 ? null : port);
        return true;
    }

    /// <param name="origin">As a browser sends it: scheme, host and port; <c>null</c> is none.</param>
    internal static bool TryParseOrigin(ReadOnlySpan<char> origin, out Authority authority)
    {
        authority = default;
        // A port of the other scheme's is not the scheme's own, and TryParse would take it for that.
        var (start, strange) = origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? (7, ":443")
            : origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? (8, ":80") : (0, "");
        return start > 0 && !origin.EndsWith(strange, StringComparison.Ordinal) && TryParse(origin[start..], out authority);
    }

    private static bool TryReadHost(ReadOnlySpan<char> host, out string name)
    {
        name = "";
        if (host.IsEmpty)
            return false;
        if (host[0] == '[')
        {
            if (host.Contains('%') || !IPAddress.TryParse(host[1..^1], out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
                return false;
            name = $"[{address}]";
            return true;
        }
        foreach (var c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
                return false;
        }
        name = host.ToString().ToLowerInvariant();
        return true;
    }
}
