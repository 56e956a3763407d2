namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// The words of a report as they are kept: region, the service it went to, comment, and, where it is told, 1 or 0 for whether that worked,
/// with tabs between them.
/// </summary>
internal static class StoredWords
{
    public static string Of(Region region, Remark remark) => string.Join('\t', (string[])
    [
        region.ToString(), remark.WentTo?.ToString() ?? "", remark.Comment?.ReplaceLineEndings(" ").Replace('\t', ' ') ?? "",
        .. remark.WentToWorked is { } worked ? [worked ? "1" : "0"] : Array.Empty<string>(),
    ]);

    /// <summary>What is kept, without the region; null where nothing is, or what is no such words.</summary>
    public static Remark? Read(string? kept) => kept?.Split('\t') is [_, var wentTo, var comment, .. var worked]
        ? Remark.Of(
            comment.Length == 0 ? null : comment, ServiceSlug.TryParse(wentTo, out var slug) ? slug : null,
            worked is [] ? null : worked is ["1"])
        : null;
}
