namespace OutageAggregator.Web.Admission;

/// <summary>
/// Tells a report that a page of another site made a visitor's browser send. Programs send none of what it goes by, and nothing has to be
/// kept: pages are the same for everybody, so a token in them would be known to anybody.
/// <code>
///   Sec-Fetch-Site       by browsers on secure connections; no page can write it. It decides where it is there.
///   X-Requested-With     by our own script. A page of another site has to ask first whether it may send it, and may not.
///   Origin               by browsers; compared with all that is ours. "null" is nobody's.
/// </code>
/// </summary>
internal static class CrossSite
{
    internal static bool Is(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.TryGetValue("Sec-Fetch-Site", out var site) && site.Count > 0)
            return site != "same-origin" && site != "none";
        return headers.Origin.Count > 0 && !headers.ContainsKey("X-Requested-With")
            && !PublicAddress.Find(request.HttpContext).Own(request).Include(headers.Origin.ToString());
    }

    /// <summary>Why a request is refused; null where it came from a page of ours, or from a program.</summary>
    /// <param name="outcome">What that means, such as "it was not counted".</param>
    internal static ProblemAnswer? Refusal(HttpContext context, string outcome)
    {
        if (!Is(context.Request))
            return null;
        return new ProblemAnswer(
            ProblemTypes.CrossSite,
            context.Request.Headers.ContainsKey("Sec-Fetch-Site") ? $"A page of another site sent this, so {outcome}."
                : Authority.TryParseOrigin(context.Request.Headers.Origin.ToString(), out _) ? Unknown(context, outcome)
                : $"The browser does not say of which site the page is that sent this, so {outcome}. "
                    + "So it is with files and sandboxes, and where a proxy adds 'Referrer-Policy: no-referrer'.");
    }

    private static string Unknown(HttpContext context, string outcome)
    {
        var origin = context.Request.Headers.Origin.ToString();
        return $"A page of {origin} sent this, which this site does not know as its own address, so {outcome}. "
            + $"If it is its own, its operator has to {context.RequestServices.GetRequiredService<ProxySigns>().Refused(context, origin)}.";
    }
}
