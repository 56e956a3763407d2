namespace OutageAggregator.Web.Layout;

/// <summary>
/// Where a page is. Its component and its words know the site as if it stood at <c>/</c>: what their addresses begin with where the site
/// is mounted under a path is put before them here, in what was rendered, so that no link can be forgotten.
/// </summary>
/// <param name="Root">Empty, or the path that the site is mounted under.</param>
/// <param name="Canonical">Its one whole address; null where it has none, or nobody stated the site's.</param>
internal sealed record Place(string Root, string? Canonical = null)
{
    // All attributes that hold addresses of ours. What people wrote never looks like one: its quotes are escaped.
    private static readonly string[] s_addresses = [" href=\"/", " src=\"/", " action=\"/", " data-live-from=\"/", " data-words=\"/"];

    internal string Below(string html) => Root.Length == 0
        ? html
        : s_addresses.Aggregate(html, (text, start) => text.Replace(start, $"{start[..^1]}{Root}/", StringComparison.Ordinal));
}
