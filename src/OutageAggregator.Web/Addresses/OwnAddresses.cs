namespace OutageAggregator.Web.Addresses;

/// <summary>
/// All that is known of where a page of ours may have come from, to be compared with the <c>Origin</c> that a browser states. Schemes are
/// not compared: behind a proxy that ends TLS the server's own is another one, and where TLS is used, browsers say <c>Sec-Fetch-Site</c>.
/// </summary>
/// <param name="Stated">The public address of the settings.</param>
/// <param name="Host">The request's own <c>Host</c>, which a proxy may have made its own or have cut the port off.</param>
/// <param name="Forwarded">The <c>X-Forwarded-Host</c> of a trusted proxy.</param>
/// <param name="ListensOn">The port that the request came in at; 0 for a socket without one.</param>
internal readonly record struct OwnAddresses(PublicUrl? Stated, string? Host, string? Forwarded, int ListensOn)
{
    internal bool Include(string? origin)
    {
        if (!Authority.TryParseOrigin(origin, out var asked))
            return false;
        // "Host $host" of nginx names no port, whichever the site has. Only a page at another port of the same name gains by that. Where it
        // is known that no port was cut off, it has to be the same: the server listens at the scheme's own one, or the operator said which.
        var mayLackPort = Stated is null;
        return Stated?.Authority == asked || Names(Forwarded, asked, mayLackPort)
            || Names(Host, asked, mayLackPort && ListensOn is not (80 or 443));
    }

    private static bool Names(string? text, Authority asked, bool mayLackPort) => Authority.TryParse(text, out var own)
        && own.Host == asked.Host && (own.Port == asked.Port || (own.Port is null && mayLackPort));
}
