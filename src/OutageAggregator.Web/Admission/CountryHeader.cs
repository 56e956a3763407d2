namespace OutageAggregator.Web.Admission;

/// <summary>
/// The country that a trusted proxy states in a header. What it says of no country ("XX", "T1") is not the operator's fault; anything else
/// that means none here is told once: whoever set the header up believes that it works.
/// </summary>
internal sealed partial class CountryHeader(ProxySettings proxies, ILogger<CountryHeader> logger)
{
    // What the usual proxies say of the unknown, of Tor, of anonymous proxies and satellites, and of two continents.
    private static readonly string[] s_noCountry = ["XX", "T1", "ZZ", "A1", "A2", "O1", "EU", "AP", "-", "--", "?"];
    private int _isTold;

    internal Region? Read(HttpRequest request, Caller caller)
    {
        if (!caller.PeerIsTrusted || proxies.CountryHeader.Length == 0
            || request.Headers[proxies.CountryHeader].ToString() is not { Length: > 0 and <= 64 } text)
            return null;
        // "world" is a region of ours that no proxy states.
        if (RegionLookup.Find(text) is { } region)
            return region == Region.World || region == Region.Unknown ? null : region;
        if (!s_noCountry.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase) && Interlocked.Exchange(ref _isTold, 1) == 0)
            NoCountry(proxies.CountryHeader, PlainText.Quote(text));
        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The header {Header} of a trusted proxy says '{Text}', which is no country that is known here: such reports count for the region of their browser's time zone, or for none. Check Proxies:CountryHeader. This is told once")]
    private partial void NoCountry(string header, string text);
}
