using System.ComponentModel;

namespace OutageAggregator.Web.Addresses;

/// <summary>
/// The address of a site as its operator states it: <c>https://example.org</c>, or below a path, <c>https://example.org/status</c>.
/// </summary>
/// <param name="Origin">Scheme, host and, unless it is the scheme's own, port.</param>
/// <param name="Authority">The same host and port, to be compared.</param>
/// <param name="Path">Empty, or with a slash before it and none behind.</param>
[Description(Allowed)]
public sealed record PublicUrl(string Origin, Authority Authority, string Path) : IParsable<PublicUrl>
{
    public const string Allowed =
        "an http or https address, such as https://example.org or https://example.org/status, without user, query and fragment; the "
        + "segments of a path are letters, digits, hyphens, dots, _ and ~";
    private const int MaxLength = 512;
    private static readonly SearchValues<char> s_refused = SearchValues.Create("?#@\\% \t\r\n\v\f\u00A0\u2028\u2029");

    public static PublicUrl Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var url) ? url : throw new FormatException($"'{s}' is not {Allowed}.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out PublicUrl result)
    {
        result = null;
        // The framework's reader alone takes much for an address that nobody means as one: backslashes, spaces, "https:example.org".
        if (s is not { Length: <= MaxLength } || s.AsSpan().ContainsAny(s_refused) || s.Split("://") is not [var scheme, var rest]
            || scheme.ToLowerInvariant() is not ("http" or "https") || !Uri.TryCreate(s, UriKind.Absolute, out var uri)
            || !SitePath.TryParse(rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? rest[slash..] : "", out var path))
            return false;
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        var port = uri.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{uri.Port}");
        if (!Authority.TryParse(host + port, out var authority) || authority.IsAnyAddress)
            return false;
        result = new PublicUrl($"{uri.Scheme}://{host}{port}", authority, path);
        return true;
    }

    public override string ToString() => Origin + Path;
}
