namespace OutageAggregator.Web.Layout;

/// <summary>
/// Where a page is, and whose clocks it goes by. Its component knows the site as if it stood at <c>/</c> and told times in UTC: what its
/// addresses begin with where the site is mounted under a path is put before them here, and the zone of the page behind them, in what was
/// rendered, so that no link can be forgotten.
/// </summary>
/// <param name="Root">Empty, or the path that the site is mounted under.</param>
/// <param name="Zone">In which the page tells its times.</param>
/// <param name="Address">Its address within the site, without the zone; null where nobody could come back to it.</param>
/// <param name="Canonical">Its one whole address; null where it has none, or nobody stated the site's.</param>
internal sealed record Place(string Root, PageZone Zone, string? Address = null, string? Canonical = null)
{
    private const string Links = " href=\"/";
    private const string Options = " data-href=\"/";

    // All attributes that hold addresses of ours. What people wrote never looks like one: its quotes are escaped.
    private static readonly string[] s_addresses =
    [
        Links, Options, " src=\"/", " action=\"/", " data-live-from=\"/", " data-tap=\"/", " data-icon=\"/",
        " data-withdraw=\"/", " data-suggest=\"/", " data-sheet=\"/",
    ];

    // What is no page has no times to tell. A form that reports is answered with a page.
    private static readonly string[] s_zoneless = ["/api/", "/assets/", "/openapi/", "/manifest.webmanifest"];

    internal English Words { get; } = Languages.English.In(Zone);

    internal string Below(string html) =>
        Rooted(Zone.IsUtc ? html : Zoned(Zoned(Zoned(html, Links, s_zoneless), Options, []), " action=\"/api/", []));

    private string Rooted(string html) => Root.Length == 0
        ? html
        : s_addresses.Aggregate(html, (text, start) => text.Replace(start, $"{start[..^1]}{Root}/", StringComparison.Ordinal));

    private string Zoned(string html, string start, string[] except)
    {
        var zoned = new StringBuilder(html.Length + 2_048);
        var done = 0;
        for (var at = html.IndexOf(start, StringComparison.Ordinal); at >= 0; at = html.IndexOf(start, done, StringComparison.Ordinal))
        {
            var from = html.IndexOf('"', at) + 1;
            var address = html[from..html.IndexOf('"', from)];
            var stays = address.Contains("zone=", StringComparison.Ordinal)
                || except.Any(e => address.StartsWith(e, StringComparison.Ordinal));
            _ = zoned.Append(html, done, from - done).Append(stays ? address : Zone.KeepInHtml(address));
            done = from + address.Length;
        }
        return zoned.Append(html, done, html.Length - done).ToString();
    }
}
